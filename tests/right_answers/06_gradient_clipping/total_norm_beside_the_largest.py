"""
task: total_norm
way: one vector in double precision, divided by its largest element
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


def total_norm(params: Iterable[Tensor], norm_type: float = 2.0) -> Tensor:
    return _norm_of(_gradients(params), norm_type)
