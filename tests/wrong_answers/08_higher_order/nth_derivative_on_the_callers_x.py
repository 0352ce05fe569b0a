"""
task: nth_derivative
says: f is called with the caller's own x
"""

from collections.abc import Callable

import torch
from torch import Tensor


def nth_derivative(f: Callable[[Tensor], Tensor], x: Tensor, n: int) -> Tensor:
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        (y,) = torch.autograd.grad(
            y, x, torch.ones_like(y), create_graph=True, materialize_grads=True
        )
    return y.detach()
