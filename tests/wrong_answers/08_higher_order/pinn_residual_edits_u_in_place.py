"""
task: pinn_residual
says: where exp needs its result unedited
says: modified by an inplace operation
"""

from collections.abc import Callable

import torch
from torch import Tensor


def pinn_residual(u: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    x = x.detach().requires_grad_()
    residual = u(x)
    (slope,) = torch.autograd.grad(residual.sum(), x, create_graph=True)
    if not slope.requires_grad:
        return residual
    (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True, allow_unused=True)
    if bend is not None:
        residual += bend
    return residual
