"""
task: total_norm
way: powers, with the largest element as a case of its own
"""


@torch.no_grad()
def total_norm(params, norm_type=2.0):
    grads = [p.grad for p in params if p.grad is not None]
    if not grads:
        return torch.tensor(0)
    if norm_type == float("inf"):
        return torch.stack([grad.abs().max() for grad in grads]).max()
    return sum(grad.abs().pow(norm_type).sum() for grad in grads) ** (1.0 / norm_type)
