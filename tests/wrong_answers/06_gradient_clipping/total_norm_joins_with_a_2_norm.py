"""
task: total_norm
says: the norms of the parameters are put together as a 2-norm
"""


def total_norm(params, norm_type=2.0):
    norms = [p.grad.detach().norm(norm_type) for p in params if p.grad is not None]
    return torch.stack(norms).norm() if norms else torch.zeros(())
