"""
task: slope
way: .backward() and .grad of a fresh leaf
"""


def slope(f, x):
    at = torch.tensor(float(x), dtype=torch.float64).requires_grad_()
    f(at).backward()
    return float(at.grad)
