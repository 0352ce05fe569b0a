"""
task: best_step
says: for torch.float64 yours is 0.00012, too large
"""


def best_step(dtype):
    return torch.finfo(dtype).eps ** 0.25
