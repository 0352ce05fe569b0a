"""
task: total_norm
says: without any gradient yours is of type float; a 0-d tensor is due
"""


def total_norm(params, norm_type=2.0):
    norms = [p.grad.detach().norm(norm_type) for p in params if p.grad is not None]
    return torch.stack(norms).norm(norm_type) if norms else 0.0
