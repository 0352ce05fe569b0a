"""
task: affine_inplace
says: a tensor of shape (4, 3) is saved for backward
"""


def affine_inplace(x):
    two = torch.tensor(2.0, dtype=x.dtype, device=x.device).expand(x.shape)
    return (x + 1).mul_(two)
