"""
task: clip_grad_norm_
says: ∞ is taken as a power: x ** (1 / inf) is x ** 0
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    total = torch.zeros((), dtype=torch.float64)
    for grad in grads:
        param_norm = grad.norm(norm_type)
        total = total.to(param_norm) + param_norm**norm_type
    norm = total ** (1.0 / norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the norm of order {norm_type} is {norm}")
    factor = max_norm / (norm + 1e-6)
    if factor < 1:
        for grad in grads:
            grad.mul_(factor)
    return norm
