"""
task: total_norm
says: were taken to Python
says: __bool__
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    if norm_type == float("inf"):
        return max(grad.abs().max() for grad in grads)
    return sum(grad.abs().pow(norm_type).sum() for grad in grads) ** (1 / norm_type)
