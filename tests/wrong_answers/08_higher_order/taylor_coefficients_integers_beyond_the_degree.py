"""
task: taylor_coefficients
says: 0 is of the type int
says: Python floats are due, beyond the degree too
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def taylor_coefficients(f: Callable[[Tensor], Tensor], x0: float, order: int) -> list[float]:
    coefficients = [0] * (order + 1)
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    derivative = f(x)
    coefficients[0] = derivative.item()
    for k in range(1, order + 1):
        if not derivative.requires_grad:
            break
        (derivative,) = torch.autograd.grad(
            derivative, x, create_graph=True, materialize_grads=True
        )
        coefficients[k] = derivative.item() / math.factorial(k)
    return coefficients
