"""
task: chunked_cross_entropy
says: the mean of the chunks' means is taken
"""


def chunked_cross_entropy(x, weight, y, chunk):
    def loss_of(x, weight, y):
        return F.cross_entropy(x @ weight.T, y)

    total = x.new_zeros(())
    for rows, targets in zip(x.split(chunk), y.split(chunk)):
        total = total + checkpoint(loss_of, rows, weight, targets, use_reentrant=False)
    return total / len(y.split(chunk))
