"""
task: total_norm
says: the norms of the parameters, 5 and 12, are added up
"""


def total_norm(params, norm_type=2.0):
    norms = [p.grad.detach().norm(norm_type) for p in params if p.grad is not None]
    return torch.stack(norms).sum() if norms else torch.zeros(())
