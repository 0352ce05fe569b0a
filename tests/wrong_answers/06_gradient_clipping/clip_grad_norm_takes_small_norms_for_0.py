"""
task: clip_grad_norm_
says: when nothing is clipped
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norms = torch.stack([torch.linalg.vector_norm(grad, norm_type) for grad in grads])
    norm = torch.linalg.vector_norm(norms, norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    if norm > max(max_norm, 1e-3):
        for grad in grads:
            grad.mul_(max_norm / norm)
    return norm
