import math

import gradient_surgery
import pytest
import torch

from gradkata.checks import (
    any_layout,
    check,
    sample,
    situation,
    tracked_copies,
    unchanged,
    weighted,
)

from .shared import MADE_FINITE

pytestmark = pytest.mark.task("reverse_gradient")


@any_layout
def test_reverse_gradient_reverses_what_flows_through_the_result_alone(layout, device):
    x = sample(**layout, device=device, requires_grad=True)
    w, v = (sample(**layout, device=device) for _ in range(2))
    h = 1.5 * x
    other = h.sin() * w  # whose backward needs h as it is now

    with unchanged(x):
        result = gradient_surgery.reverse_gradient(h, 0.1)
        gradient_surgery.reverse_gradient(-h, 0.75)  # whose backward is still to come
    check(result, h, what="the value")
    with situation("in the backward of another operation on the same x"):
        (gradient,) = torch.autograd.grad(other.sum() + (result * v).sum(), x)
    w = w * h.detach().cos()

    check(
        gradient,
        1.5 * (w - 0.1 * v),
        what="the gradient for x, where h = 1.5·x is used twice: by a sine, and reversed",
        rtol=1e-11,
        mistakes={
            "the strength is that of a later call: let each call have its own": (
                1.5 * (w - 0.75 * v)
            ),
            "strength is rounded to float32, although x is float64": (
                1.5 * (w - torch.tensor(0.1).item() * v)
            ),
            "all of h's gradient is reversed, the other use's too: a hook belongs on a tensor that "
            "nobody else uses": -0.1 * 1.5 * (w + v),
            "strength is left out": 1.5 * (w - v),
            "the gradient keeps its sign": 1.5 * (w + 0.1 * v),
            "nothing is reversed": 1.5 * (w + v),
            "what flows back through the result is lost": 1.5 * w,
            "the result's gradient reaches h twice, plain and reversed": 1.5 * (w + 0.9 * v),
        },
    )


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_reverse_gradient_keeps_the_value_to_the_last_bit(dtype, device):
    x = sample((200,), device=device, dtype=dtype, low=-1e4, high=1e4)
    x[7] = torch.finfo(dtype).max / 3
    (leaf,) = tracked_copies(x)

    result = gradient_surgery.reverse_gradient(leaf, 10.3)

    check(
        result,
        leaf,
        what=f"200 values of {dtype}",
        rtol=0,
        atol=0,
        mistakes={
            "the value is rounded: (1 + strength)·x − strength·x is not exactly x": (
                lambda: (1 + 10.3) * leaf.detach() - 10.3 * leaf
            ),
            "strength·x is infinite where x is large, and ∞ − ∞ is NaN: multiply the difference": (
                lambda: leaf.detach() + (10.3 * leaf - (10.3 * leaf).detach())
            ),
        },
    )
    with situation("where x requires no grad"):
        plain = gradient_surgery.reverse_gradient(x, 10.3)
    check(plain.detach(), x, what=f"200 values of {dtype}, without a graph", rtol=0, atol=0)


@pytest.mark.parametrize(
    ("strength", "row"),
    [(0, [1e6, -1e6, 1.0]), (1, [1e6, math.inf, math.nan]), (3.5, [math.nan, -1e6, -math.inf])],
    ids=["0", "1", "3.5"],
)
def test_reverse_gradient_takes_any_strength(strength, row, device):
    x, v = sample((4, 3), device=device, requires_grad=True), sample((4, 3), device=device)
    v[-1] = v.new_tensor(row)

    result = gradient_surgery.reverse_gradient(x, strength)

    came = v.clone()
    with situation(f"in backward, strength being {strength}"):
        (gradient,) = torch.autograd.grad(result, x, v)
    check(v, came, what="what came in, after backward: it may be in use elsewhere")
    check(
        gradient,
        -strength * v,
        what=f"the gradient for x, strength being {strength}",
        mistakes={MADE_FINITE: -strength * v.nan_to_num()},
    )


def test_reverse_gradient_reverses_second_derivatives_too(device):
    (x,) = tracked_copies(sample((4, 3), device=device))

    def slope(y, x):
        return torch.autograd.grad(weighted(y), x, create_graph=True)[0]

    first = slope(gradient_surgery.reverse_gradient(x, 0.5), x)
    twin = x.detach().requires_grad_()
    expected = slope(twin, twin)
    check(first, -0.5 * expected, what="the gradient, asked for with its graph")
    with situation("asked for the second derivative"):
        (second,) = torch.autograd.grad(weighted(first, 2.0), x)
    check(
        second.detach(),
        0.25 * torch.autograd.grad(weighted(-0.5 * expected, 2.0), twin)[0] / -0.5,
        what="the gradient of the gradient",
    )
