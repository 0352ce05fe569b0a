"""
task: total_norm
says: 1e-12 is added to the sum of the squares
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    if norm_type == float("inf"):
        return torch.stack([g.abs().max() for g in grads]).max()
    return (sum(g.abs().pow(norm_type).sum() for g in grads) + 1e-12) ** (1 / norm_type)
