"""
task: chunked_cross_entropy
says: never divided
"""


def chunked_cross_entropy(x, weight, y, chunk):
    def loss_of(x, weight, y):
        return F.cross_entropy(x @ weight.T, y, reduction="sum")

    total = x.new_zeros(())
    for rows, targets in zip(x.split(chunk), y.split(chunk)):
        total = total + checkpoint(loss_of, rows, weight, targets, use_reentrant=False)
    return total
