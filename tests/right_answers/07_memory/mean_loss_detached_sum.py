"""
task: mean_loss
way: adds detached tensors, and takes the number out at the end
"""


def mean_loss(losses):
    total, n = torch.zeros((), dtype=torch.float64), 0
    for n, loss in enumerate(losses, 1):
        total = total + loss.detach().cpu()
    if n == 0:
        raise ValueError("no losses")
    return (total / n).item()
