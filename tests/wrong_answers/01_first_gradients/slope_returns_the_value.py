"""
task: slope
says: the value f(x) is returned
"""


def slope(f, x):
    return f(torch.tensor(x, dtype=torch.float64, requires_grad=True)).item()
