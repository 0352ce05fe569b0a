"""
task: best_step
says: for torch.float64 yours is 1e-05, too large
"""


def best_step(dtype):
    return float(torch.finfo(dtype).resolution ** (1 / 3))
