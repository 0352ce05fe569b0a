"""
task: mean_loss
says: they are added up in float32
"""


def mean_loss(losses):
    total, n = torch.zeros(()), 0
    for l in losses:
        total += l.detach().cpu()
        n += 1
    if not n:
        raise ValueError("no losses")
    return total.item() / n
