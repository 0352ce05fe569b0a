"""
task: chunked_cross_entropy
says: logits of hundreds
"""


def chunked_cross_entropy(x, weight, y, chunk):
    def loss_of(x, weight, y):
        logits = x @ weight.T
        counted = y != -100
        own = logits.gather(1, y.clamp(min=0)[:, None])[:, 0]
        return (logits.exp().sum(1).log() - own)[counted].sum()

    total = x.new_zeros(())
    for rows, targets in zip(x.split(chunk), y.split(chunk)):
        total = total + checkpoint(loss_of, rows, weight, targets, use_reentrant=False)
    return total / (y != -100).sum()
