"""
task: total_norm
says: torch.tensor 7×
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.tensor(0.0)
    norms = [grad.norm(norm_type) for grad in grads]
    return torch.tensor(norms, dtype=grads[0].dtype, device=grads[0].device).norm(norm_type)
