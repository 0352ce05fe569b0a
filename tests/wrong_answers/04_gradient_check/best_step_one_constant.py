"""
task: best_step
says: for torch.float64 yours is 1e-05, too large
"""


def best_step(dtype):
    return 1e-5
