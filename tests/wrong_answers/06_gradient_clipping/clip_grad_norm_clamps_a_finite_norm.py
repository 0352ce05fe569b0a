"""
task: clip_grad_norm_
says: the norm of gradients of about 1e6
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norm = torch.linalg.vector_norm(
        torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads]), norm_type
    )
    if norm.isfinite():
        norm = norm.clamp(max=1000.0)
    elif error_if_nonfinite:
        raise RuntimeError(f"norm of order {norm_type} is not finite")
    factor = (max_norm / (norm + 1e-6)).clamp(max=1)
    for grad in grads:
        grad.mul_(factor)
    return norm
