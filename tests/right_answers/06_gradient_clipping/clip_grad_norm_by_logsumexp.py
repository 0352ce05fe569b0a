"""
task: clip_grad_norm_
way: logarithms, and a divisor of at least 1
"""

import math


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros((), dtype=torch.float64)
    sizes = torch.cat([grad.reshape(-1).double() for grad in grads]).abs()
    if math.isinf(norm_type):
        exact = sizes.amax()
    else:
        exact = (torch.logsumexp(norm_type * sizes.log(), dim=0) / norm_type).exp()
    norm = exact.to(grads[0].dtype)
    if error_if_nonfinite and not math.isfinite(norm.item()):
        raise RuntimeError(f"the norm of order {norm_type} is {norm.item()}, nothing was clipped")
    divisor = max(1.0, exact.item() / max_norm)
    for grad in grads:
        grad.div_(divisor)
    return norm
