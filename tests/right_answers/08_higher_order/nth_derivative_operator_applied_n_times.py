"""
task: nth_derivative
way: an operator that makes a function its derivative, applied n times, each with its own view of x
"""

from collections.abc import Callable
from functools import reduce

import torch
from torch import Tensor


def nth_derivative(f: Callable[[Tensor], Tensor], x: Tensor, n: int) -> Tensor:
    def differentiate(g: Callable[[Tensor], Tensor], _: int) -> Callable[[Tensor], Tensor]:
        def slope(t: Tensor) -> Tensor:
            here = t.view_as(t)
            y = g(here)
            if not y.requires_grad:
                return torch.zeros_like(here)
            return torch.autograd.grad(
                y, here, torch.ones_like(y), create_graph=True, materialize_grads=True
            )[0]

        return slope

    return reduce(differentiate, range(n), f)(x.detach().requires_grad_()).detach()
