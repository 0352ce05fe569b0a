import math

import gradient_surgery
import pytest
import torch

from gradkata.checks import (
    any_layout,
    backward_of,
    check,
    check_edits_are_noticed,
    sample,
    unchanged,
)

pytestmark = pytest.mark.task("Binarize")

ENDS = [0.0, -0.0, 1.0, -1.0, 1.5, -1.5, math.inf, -math.inf]


def sign(x):
    return torch.where(x >= 0, 1.0, -1.0).to(x.dtype)


@any_layout
def test_binarize_is_1_or_minus_1(layout, device):
    x = sample(**layout, device=device, gap=0.1)

    with unchanged(x):
        y = gradient_surgery.Binarize.apply(x)

    check(y, sign(x), what="forward", mistakes={"the signs are swapped": -sign(x)})


def test_binarize_of_0_is_1(device):
    x = torch.tensor([*ENDS, -1e-13], dtype=torch.float64, device=device)

    check(
        gradient_surgery.Binarize.apply(x),
        sign(x),
        what="forward of [0, −0.0, 1, −1, 1.5, −1.5, ∞, −∞, −1e−13]",
        mistakes={
            "0 gives 0, as with torch.sign": torch.sign(x),
            "0 gives −1: x > 0 decides": 2.0 * (x > 0) - 1,
            "−0.0 gives −1: its sign bit decides": torch.copysign(torch.ones_like(x), x),
        },
    )


@any_layout
def test_binarize_lets_the_gradient_pass_where_x_is_small(layout, device):
    x = sample(**layout, device=device)
    x = x * 3 / x.abs().max()  # of 0-d it is 3, and of the others some are below 1
    v = sample(**layout, device=device, low=-4, high=4)

    (gradient,) = backward_of(gradient_surgery.Binarize, (x,), v)

    check(
        gradient,
        v * (x.abs() <= 1),
        what="backward",
        mistakes={
            "it passes everywhere": v,
            "it passes nowhere": 0 * v,
            "the incoming gradient is clamped, not passed where |x| ≤ 1": v.clamp(-1, 1),
            "the incoming gradient is left out": 1.0 * (x.abs() <= 1),
            "it passes where |x| ≥ 1": v * (x.abs() >= 1),
        },
    )


def test_binarize_lets_the_gradient_pass_at_both_ends(device):
    beyond = math.nextafter(1, 2)
    x = torch.tensor([*ENDS, beyond, -beyond], dtype=torch.float64, device=device)
    v = torch.full_like(x, 3)

    (gradient,) = backward_of(gradient_surgery.Binarize, (x,), v)

    check(
        gradient,
        v * (x.abs() <= 1),
        what="backward at [0, −0.0, 1, −1, 1.5, −1.5, ∞, −∞], and just above 1 and below −1",
        mistakes={
            "beyond an end it passes: x is rounded to float32, or compared with more than 1": (
                v * (x.abs() <= 1 + 1e-9)
            ),
            "the ends are left out: |x| < 1 decides": v * (x.abs() < 1),
            "it is lost at 0: the slope of sign decides": v * (x.abs() <= 1) * (x != 0),
        },
    )


def test_binarize_gives_exactly_0_beyond_whatever_comes_in(device):
    x = torch.tensor([2.0, -3.0, 0.5, -0.5, 0.25, -0.25], device=device)
    v = torch.tensor([math.inf, math.nan, 7.0, math.inf, math.nan, 1e6], device=device)

    (gradient,) = backward_of(gradient_surgery.Binarize, (x,), v)

    check(
        gradient,
        torch.tensor([0.0, 0.0, 7.0, math.inf, math.nan, 1e6], device=device),
        what="backward at [2, −3, 0.5, −0.5, 0.25, −0.25] of [∞, NaN, 7, ∞, NaN, 1e6]",
        mistakes={
            "what comes in is multiplied by a mask: 0 · ∞ is NaN": lambda: v * (x.abs() <= 1),
            "NaN and an infinity that come in are replaced where |x| ≤ 1: let them pass": lambda: (
                v.nan_to_num() * (x.abs() <= 1)
            ),
        },
    )


def test_binarize_gives_a_gradient_that_can_be_differentiated(device):
    x = sample((4, 3), device=device, low=-2, high=2, requires_grad=True)
    v = sample((4, 3), device=device, requires_grad=True)
    w = sample((4, 3), device=device)

    y = gradient_surgery.Binarize.apply(x)
    gradient_surgery.Binarize.apply(2 / x)  # whose backward is still to come
    (first,) = torch.autograd.grad(y, x, v, create_graph=True)

    check(
        first.detach(),
        (v * (x.abs() <= 1)).detach(),
        what="the gradient for x",
        mistakes={
            "it is the gradient for the x of a later call: keep what backward needs on ctx": (
                (v * (2 / x).abs().le(1)).detach()
            )
        },
    )
    assert first.requires_grad, "the gradient has no graph: what backward computes is not recorded"
    (second,) = torch.autograd.grad(first, v, w)
    check(second, w * (x.abs() <= 1), what="the gradient of the gradient, for what comes in")


def test_binarize_notices_when_a_tensor_it_needs_is_changed_before_backward(device):
    check_edits_are_noticed(gradient_surgery.Binarize.apply, (sample((4, 3), device=device),))


def test_binarize_keeps_a_dtype_that_is_not_the_default(device):
    x, v = (
        torch.tensor(values, dtype=torch.bfloat16, device=device)
        for values in ([-1.5, -0.5, 0.5, 1.5], [1.0, 2.0, 3.0, 4.0])
    )

    check(gradient_surgery.Binarize.apply(x), sign(x), what="forward in torch.bfloat16")
    (gradient,) = backward_of(gradient_surgery.Binarize, (x,), v)
    check(gradient, v * (x.abs() <= 1), what="backward in torch.bfloat16")
