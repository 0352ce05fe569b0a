"""
task: affine_inplace
way: a tensor of twos, to which twice x is added in place
"""


def affine_inplace(x):
    return torch.full_like(x, 2, requires_grad=False).add_(x, alpha=2)
