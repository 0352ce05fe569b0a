"""
task: total_norm
way: logsumexp of the logarithms
"""

import math


def _part(g: Tensor, p: float) -> Tensor:
    logs = g.detach().to(torch.float64).abs().log().flatten()
    return logs.amax(0) if math.isinf(p) else torch.logsumexp(p * logs, 0) / p


def total_norm(params: Iterable[Tensor], norm_type: float = 2.0) -> Tensor:
    parts, dtype = [], torch.float32
    for param in params:
        if param.grad is not None:
            parts.append(_part(param.grad, norm_type))
            dtype = param.grad.dtype
    if not parts:
        return torch.tensor(0.0)
    logs = torch.stack(parts)
    if math.isinf(norm_type):
        return logs.amax().exp().to(dtype)
    return (torch.logsumexp(norm_type * logs, 0) / norm_type).exp().to(dtype)
