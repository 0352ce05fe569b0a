"""
task: clip_grad_norm_
way: the parameters are kept, and total_norm gets an iterator
"""

import math


def clip_grad_norm_(
    params: Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    *,
    error_if_nonfinite: bool = False,
) -> Tensor:
    with_gradient = tuple(p for p in params if p.grad is not None)
    norm = total_norm(iter(with_gradient), norm_type)
    value = float(norm)
    if error_if_nonfinite and (math.isnan(value) or math.isinf(value)):
        raise RuntimeError("norm_type=" + str(norm_type) + f": the total norm is {value}")
    if value > max_norm:
        with torch.no_grad():
            for p in with_gradient:
                p.grad.mul_(max_norm / value)
    return norm
