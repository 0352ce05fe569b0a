"""
task: total_norm
says: the norm of order inf
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    if norm_type == float("inf"):
        return torch.stack([g.amax() for g in grads]).max()
    return sum(g.abs().pow(norm_type).sum() for g in grads) ** (1 / norm_type)
