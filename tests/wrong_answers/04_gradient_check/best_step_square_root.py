"""
task: best_step
says: for torch.float64 yours is 1.5e-08, too small
"""


def best_step(dtype):
    return math.sqrt(torch.finfo(dtype).eps)
