"""
task: clip_grad_norm_
says: the gradients are always scaled by max_norm / (norm + 1e-6), up too
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norm = torch.cat([grad.flatten() for grad in grads]).norm(norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    for grad in grads:
        grad.mul_(max_norm / (norm + 1e-6))
    return norm
