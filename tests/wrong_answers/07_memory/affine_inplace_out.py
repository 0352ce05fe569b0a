"""
task: affine_inplace
says: functions with out=... arguments don't support automatic differentiation
"""


def affine_inplace(x):
    y = torch.empty_like(x)
    torch.add(x, 1, out=y)
    return y.mul_(2)
