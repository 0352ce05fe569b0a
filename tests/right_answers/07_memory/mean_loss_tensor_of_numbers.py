"""
task: mean_loss
way: a float64 tensor of the numbers
"""


def mean_loss(losses):
    values = torch.tensor([loss.item() for loss in losses], dtype=torch.float64)
    if not len(values):
        raise ValueError("no losses")
    return float(values.sum() / len(values))
