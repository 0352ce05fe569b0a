"""
task: best_step
says: yours is a Tensor, not a float
"""


def best_step(dtype):
    return torch.tensor(torch.finfo(dtype).eps) ** (1 / 3)
