"""
task: total_norm
says: the norm of order
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach().flatten() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    flat = torch.cat(grads)
    if norm_type == float("inf"):
        return flat.max()
    return flat.pow(norm_type).sum() ** (1 / norm_type)
