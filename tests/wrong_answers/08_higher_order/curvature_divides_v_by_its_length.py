"""
task: curvature
says: v is divided by its length, which is 0
"""

from collections.abc import Callable

import torch
from torch import Tensor


def curvature(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    v = v.detach()
    length = torch.linalg.vector_norm(v)
    unit = v / length
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not gradient.requires_grad:
        return torch.zeros_like(length)
    (product,) = torch.autograd.grad(gradient, x, unit, materialize_grads=True)
    return (unit * product).sum() * length**2
