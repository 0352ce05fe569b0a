"""
task: pinn_residual
way: shifts the points by two zeros, and takes the mixed derivative along them
"""

from collections.abc import Callable

import torch
from torch import Tensor


def pinn_residual(u: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    # y + (-0.0) is y for every y, the two zeros included
    first = torch.full_like(x, -0.0, requires_grad=True)
    second = torch.full_like(x, -0.0, requires_grad=True)
    value = u(x.detach() + (first + second))
    (slope,) = torch.autograd.grad(
        value, first, torch.ones_like(value), create_graph=True, materialize_grads=True
    )
    if not slope.requires_grad:
        return value
    (bend,) = torch.autograd.grad(
        slope, second, torch.ones_like(slope), create_graph=True, materialize_grads=True
    )
    return torch.add(bend, value)
