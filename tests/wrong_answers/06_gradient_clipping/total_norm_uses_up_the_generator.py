"""
task: total_norm
says: a first loop uses the generator up, and a second one finds nothing
"""


def total_norm(params, norm_type=2.0):
    if sum(p.grad is not None for p in params) == 0:
        return torch.zeros((), dtype=torch.float64)
    norms = [p.grad.detach().norm(norm_type) for p in params if p.grad is not None]
    return torch.stack(norms).norm(norm_type) if norms else torch.zeros((), dtype=torch.float64)
