"""
task: best_step
way: tries powers of two for the least sum of the two errors
"""


def best_step(dtype):
    epsilon = torch.finfo(dtype).eps
    return min((2.0**-k for k in range(60)), key=lambda h: h * h + epsilon / h)
