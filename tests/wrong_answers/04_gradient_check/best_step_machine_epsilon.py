"""
task: best_step
says: for torch.float64 yours is 2.2e-16, too small
"""


def best_step(dtype):
    return torch.finfo(dtype).eps
