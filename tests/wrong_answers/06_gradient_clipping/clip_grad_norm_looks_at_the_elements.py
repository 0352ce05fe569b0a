"""
task: clip_grad_norm_
says: the norm of the gradient [1.5e308, 1.5e308] is infinite
says: nothing was raised: ask whether the norm is finite, not the elements, which are
"""


@torch.no_grad()
def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.tensor(0.0)
    if error_if_nonfinite and not all(torch.isfinite(grad).all() for grad in grads):
        raise RuntimeError(f"the total norm of order {norm_type} is not finite")
    norms = torch.stack([torch.linalg.vector_norm(grad, norm_type) for grad in grads])
    norm = torch.linalg.vector_norm(norms, norm_type)
    factor = (max_norm / (norm + 1e-6)).clamp(max=1.0)
    for grad in grads:
        grad.mul_(factor)
    return norm
