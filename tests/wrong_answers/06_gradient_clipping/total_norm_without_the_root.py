"""
task: total_norm
says: the root is left out
"""


def total_norm(params, norm_type=2.0):
    return sum(p.grad.detach().abs().pow(norm_type).sum() for p in params if p.grad is not None)
