"""
task: affine_inplace
way: one operation
"""


def affine_inplace(x):
    two = torch.full((), 2, dtype=x.dtype, device=x.device)
    return torch.add(two, x, alpha=2)
