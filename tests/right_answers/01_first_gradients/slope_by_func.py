"""
task: slope
way: torch.func.grad
"""


def slope(f, x):
    return torch.func.grad(f)(torch.tensor(x, dtype=torch.float64)).item()
