import math

import gradient_check
import pytest
import torch

from gradkata.checks import check, sample, situation, unchanged

from .shared import (
    ALIAS,
    COPY,
    LOOKS,
    NO_COPY,
    ROUNDED,
    STAY,
    any_failure,
    any_layout,
    any_setting,
    coming_through,
    either_way,
    failing,
    swallowed,
    without_autograd,
)

pytestmark = pytest.mark.task("forward_difference")


@without_autograd
def test_forward_difference_of_squares_is_2x_plus_eps(device):
    x = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, device=device)
    slope = 2 * x

    result = gradient_check.forward_difference(lambda x: x.square().sum(), x, 0.25)

    check(
        result,
        slope + 0.25,
        what="Σx² at [1, -2, 3] with eps 0.25",
        mistakes={
            "the difference is central: one of the two points is x itself": slope,
            "the step goes backward, to x - eps": slope - 0.25,
            "the difference is not divided by eps": (slope + 0.25) / 4,
            "the difference is divided by 2·eps": (slope + 0.25) / 2,
            "all elements are moved at once: move one at a time": torch.full_like(x, 4.75),
            STAY: torch.cumsum(slope + 0.25, 0),
            NO_COPY: torch.zeros_like(x),
        },
    )


@any_layout
def test_forward_difference_is_first_order_in_any_layout(make, device):
    x, eps = make(device), 1e-2
    weight = sample(x.shape, device=device)
    expected = weight * (3 * x**2 + 3 * x * eps + eps**2)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.forward_difference(lambda x: (weight * x**3).sum(), x, eps)

    check(
        result,
        expected,
        what="Σ weight · x³ with eps 0.01",
        mistakes={
            "the difference is central": weight * (3 * x**2 + eps**2),
            COPY: torch.zeros_like(x),
        },
    )


def test_forward_difference_takes_the_eps_it_is_given(device):
    x, eps = sample((4, 3), device=device), 1e-3
    mixed = sample((4, 3), device=device)
    slope = 2 * x * mixed.sum()
    expected = slope + eps * mixed.sum()

    result = gradient_check.forward_difference(lambda x: x.square().sum() * mixed.sum(), x, eps)

    check(result, expected, what="a multiple of Σx² with eps 0.001", rtol=1e-8, atol=1e-9)


def test_forward_difference_takes_a_function_that_returns_its_argument(device):
    x = sample((), device=device)

    result = gradient_check.forward_difference(lambda x: x, x, 1e-3)

    check(
        result,
        torch.ones_like(x),
        what="f(x) = x, returned as it came",
        mistakes={ALIAS: torch.zeros_like(x)},
    )


@any_setting
def test_forward_difference_is_right_and_leaves_all_as_it_was_in_any_setting(
    setting, where, tolerance, device
):
    with setting((4, 3), device) as (x, weight, _):
        result = gradient_check.forward_difference(lambda x: (weight * x.square()).sum(), x, 0.25)

    check(
        result,
        (weight * (2 * x + 0.25)).detach(),
        what=f"Σ weight · x² with eps 0.25, {where}",
        **tolerance,
    )


def test_forward_difference_is_0_where_rounding_swallows_the_step(device):
    x = torch.tensor([1e8], dtype=torch.float32, device=device)

    result = gradient_check.forward_difference(lambda x: x.sum(), x, 1e-3)

    check(
        result,
        torch.zeros_like(result),
        what="Σx at 1e8 in float32, where x + eps is x, with eps 0.001",
        mistakes={
            "the difference is divided by the step that rounding has left, here 0: the formula "
            "divides by eps": torch.full_like(result, math.nan)
        },
    )


def test_forward_difference_takes_an_f_that_looks_at_values(device):
    x = sample((3,), device=device, low=0.5)

    with situation(LOOKS):
        result = gradient_check.forward_difference(lambda x: either_way(x).sum(), x, 0.25)

    check(result, torch.full_like(x, 2), what="2Σx where Σx > 0, and 3Σx elsewhere")


@any_failure
def test_forward_difference_leaves_x_as_it_was_when_f_raises(call, error, device):
    x = sample((4, 3), device=device)
    f = failing(lambda x: x.square().sum(), call, error)

    with unchanged(x), coming_through(error, f"f, in call {call},"):
        gradient_check.forward_difference(f, x, 1e-2)


def test_forward_difference_starts_each_step_from_the_numbers_of_x(device):
    x, f, gradient, words = swallowed(device)

    result = gradient_check.forward_difference(f, x, 0.5)

    check(
        result,
        gradient,
        what=f"{words} with eps 0.5",
        mistakes={ROUNDED: torch.stack([gradient[0], gradient.new_tensor(-4.0)])},
    )
