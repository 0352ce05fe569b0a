"""
task: best_step
says: too small
"""


def best_step(dtype):
    return 6e-6 if dtype == torch.float64 else 5e-3
