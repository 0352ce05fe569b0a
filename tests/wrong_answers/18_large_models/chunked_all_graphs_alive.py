"""
task: chunked_cross_entropy
says: The graph of a chunk holds its logits
"""


def chunked_cross_entropy(x, weight, y, chunk):
    def loss_of(x, weight, y):
        return F.cross_entropy(x @ weight.T, y, reduction="sum")

    total = x.new_zeros(())
    for rows, targets in zip(x.split(chunk), y.split(chunk)):
        total = total + loss_of(rows, weight, targets)
    return total / (y != -100).sum()
