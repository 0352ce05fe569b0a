"""
task: total_norm
says: ∞ is taken as a power: x ** (1 / inf) is x ** 0
"""


def total_norm(params, norm_type=2.0):
    total = torch.zeros(())
    for p in params:
        if p.grad is not None:
            total = total + p.grad.detach().norm(norm_type) ** norm_type
    return total ** (1 / norm_type)
