"""
task: total_norm
says: the norm of the parameters is taken, not that of their gradients
"""


def total_norm(params, norm_type=2.0):
    norms = [p.detach().norm(norm_type) for p in params if p.grad is not None]
    return torch.stack(norms).norm(norm_type) if norms else torch.zeros(())
