"""
task: total_norm
says: 'NoneType' object has no attribute
"""


def total_norm(params, norm_type=2.0):
    norms = [p.grad.detach().norm(norm_type) for p in params]
    return torch.stack(norms).norm(norm_type) if norms else torch.zeros(())
