"""
task: clip_grad_norm_
says: they are multiplied by a quotient with the norm, 0, below
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norm = torch.cat([grad.flatten() for grad in grads]).norm(norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    factor = min(max_norm, norm.item()) / norm
    for grad in grads:
        grad.mul_(factor)
    return norm
