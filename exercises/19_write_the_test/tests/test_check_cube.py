import pytest
import torch
import write_the_test

from .shared import differentiated, judge

pytestmark = pytest.mark.task("check_cube")


def cube(x):
    return x**3


def slope(grad_output, x):
    return 3 * x**2 * grad_output


def in_another_order(x):
    y = x**3
    turned = list(range(y.ndim))[::-1]
    return y.permute(turned).contiguous().permute(turned)


def in_float32(x):
    return (x.float() ** 3).to(x.dtype)


def overwritten(x):
    y = x.clone() ** 3
    x.detach().copy_(y.detach())
    return y


def in_the_order_of_memory(x):
    where = sorted(range(x.ndim), key=x.stride, reverse=True)
    return x.permute(where).reshape(x.shape) ** 3


RIGHT = {
    "it is x ** 3": cube,
    "it rounds another way, for it computes x / 3 · 3x²": lambda x: x / 3 * (3 * x**2),
    "it is a Function that saves x": differentiated(cube, slope),
    "its result lies in memory in another order": in_another_order,
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
    "it computes in float32, whatever x is": in_float32,
    "the incoming gradient loses its sign": differentiated(cube, lambda g, x: slope(g.abs(), x)),
    "a 0-d x gives shape (1,)": lambda x: (x if x.ndim else x[None]) ** 3,
    "a float32 x gives float64": lambda x: x.double() ** 3,
    "x is overwritten": overwritten,
    "x is read in the order of memory, which is wrong for a transposed x": in_the_order_of_memory,
    "the gradient of the gradient is lost: backward uses x.detach()": differentiated(
        cube, lambda g, x: slope(g, x.detach())
    ),
}


def test_check_cube_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_cube, RIGHT, FAULTS)
