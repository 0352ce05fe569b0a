"""
task: clip_grad_norm_
way: one vector in double precision, copied back
"""

import math


def _gradients(params: Iterable[Tensor]) -> list[Tensor]:
    return [p.grad.detach() for p in params if p.grad is not None]


def _norm_of(gradients: list[Tensor], norm_type: float = 2.0) -> Tensor:
    if not gradients:
        return torch.zeros(())
    vector = torch.cat([g.reshape(-1) for g in gradients]).double().abs()
    largest = vector.max()
    if norm_type == math.inf:
        return largest.to(gradients[0].dtype)
    # Powers of ratios cannot overflow.
    unit = torch.where(largest.isfinite() & (largest > 0), largest, 1.0)
    norm = unit * (vector / unit).pow(norm_type).sum().pow(1 / norm_type)
    return norm.to(gradients[0].dtype)


def clip_grad_norm_(
    params: Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    *,
    error_if_nonfinite: bool = False,
) -> Tensor:
    gradients = _gradients(params)
    norm = _norm_of(gradients, norm_type)
    if error_if_nonfinite and not math.isfinite(norm.item()):
        raise RuntimeError(f"the norm of order {norm_type} is {norm.item()}: cannot clip")
    factor = (max_norm / (norm.double() + 1e-6)).clamp(max=1.0)
    for g in gradients:
        g.copy_(g.double() * factor)
    return norm
