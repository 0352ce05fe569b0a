import contextlib

import pytest
import torch
import write_the_test
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from .shared import differentiated, in_float32, in_the_order_of_memory, judge

pytestmark = pytest.mark.task("check_cube")


def cube(x):
    return x**3


def slope(grad_output, x):
    return 3 * x**2 * grad_output


def in_another_order(x):
    y = x**3
    turned = list(range(y.ndim))[::-1]
    return y.permute(turned).contiguous().permute(turned)


def overwritten(x):
    y = x.clone() ** 3
    with contextlib.suppress(RuntimeError):  # of an expanded x
        x.detach().copy_(y.detach())
    return y


def by_logarithm(x):
    return x.sign() * (3 * x.abs().log()).exp()


def by_view(x):
    return (x.view(-1) ** 3).view(x.shape)


def refusing(x):
    if x.dtype not in (torch.float32, torch.float64) or x.numel() == 0:
        raise TypeError(f"x is {x.dtype}, of shape {tuple(x.shape)}")
    return x**3


def second(value, *, slope=lambda w, x: 3 * x**2 * w):
    """Return the slope of this value, whose backward gives the two gradients itself.

    Args:
        value: of the incoming gradient of the second backward, grad_output and x.
        slope: gives the gradient for grad_output of the incoming one and x.
    """

    class Slope(Function):
        @staticmethod
        def forward(ctx, grad_output, x):
            ctx.save_for_backward(grad_output, x)
            return 3 * x**2 * grad_output

        @staticmethod
        @once_differentiable
        def backward(ctx, w):
            grad_output, x = ctx.saved_tensors
            return slope(w, x), value(w, grad_output, x)

    return differentiated(cube, Slope.apply)


RIGHT = {
    "it is x ** 3": cube,
    "it computes x / 3 · 3x²; the last bits are not promised": lambda x: x / 3 * (3 * x**2),
    "it is a Function that saves x; one way of computing is not promised": (
        differentiated(cube, slope)
    ),
    "its result lies in memory in another order; a layout is not promised": in_another_order,
    "it can be differentiated twice and no third time, which is not promised": second(
        lambda w, g, x: 6 * x * g * w
    ),
    "it refuses an empty x, and what is neither float32 nor float64; neither is promised": refusing,
}

FAULTS = {
    "the slope is 2x": differentiated(cube, lambda g, x: 2 * x * g),
    "the incoming gradient is left out": differentiated(cube, lambda g, x: 3 * x**2),
    "the slope is 3x·|x|, which is right for positive x only": differentiated(
        cube, lambda g, x: 3 * x * x.abs() * g
    ),
    "every element gets the mean of the incoming gradient": differentiated(
        cube, lambda g, x: slope(g.mean(), x)
    ),
    "the value is |x|³, which is right for positive x only": lambda x: x.abs() ** 3,
    "it computes in float32, whatever x is": in_float32(cube),
    "the incoming gradient loses its sign": differentiated(cube, lambda g, x: slope(g.abs(), x)),
    "a 0-d x gives shape (1,)": lambda x: (x if x.ndim else x[None]) ** 3,
    "a float32 x gives float64": lambda x: x.double() ** 3,
    "x is overwritten": overwritten,
    "x is read in the order of memory, which is wrong for a transposed x": in_the_order_of_memory(
        cube
    ),
    "the gradient of the gradient is lost: backward uses x.detach()": differentiated(
        cube, lambda g, x: slope(g, x.detach())
    ),
    "the gradient has none for the incoming gradient: backward uses grad_output.detach()": (
        differentiated(cube, lambda g, x: slope(g.detach(), x))
    ),
    "the second backward loses the sign of its incoming gradient": second(
        lambda w, g, x: 6 * x * g * w.abs()
    ),
    "it is sign(x)·exp(3·log|x|), whose gradient at 0 is NaN": by_logarithm,
    "its gradient is computed in float32, whatever x is": differentiated(
        cube, lambda g, x: slope(g.float(), x.float()).to(x.dtype)
    ),
    "it is an error where x is transposed: it calls .view": by_view,
    "the second backward computes in float32, whatever x is": second(
        lambda w, g, x: (6 * x.float() * g.float() * w.float()).to(x.dtype)
    ),
}


def test_check_cube_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_cube, RIGHT, FAULTS)
