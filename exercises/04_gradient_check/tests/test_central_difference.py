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
    any_failure,
    any_layout,
    any_setting,
    coming_through,
    either_way,
    failing,
    swallowed,
    without_autograd,
)

pytestmark = pytest.mark.task("central_difference")


@without_autograd
def test_central_difference_of_cubes_is_3x2_plus_eps2(device):
    x = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, device=device)

    slope = 3 * x**2

    result = gradient_check.central_difference(lambda x: (x**3).sum(), x, 0.5)

    check(
        result,
        slope + 0.25,
        what="Σx³ at [1, -2, 3] with eps 0.5",
        mistakes={
            "only one step is taken, forward from x": slope + 1.5 * x + 0.25,
            "the two points are x + eps and x - 2·eps: go back to x in between": (
                (x + 0.5) ** 3 - (x - 1) ** 3
            ),
            "the two points are half an eps from x": slope + 0.0625,
            "the difference is divided by eps: its points are 2·eps apart": 2 * slope + 0.5,
            "all elements are moved at once: move one at a time": torch.full_like(x, 42.75),
            NO_COPY: torch.zeros_like(x),
        },
    )


@any_layout
def test_central_difference_is_second_order_in_any_layout(make, device):
    x, eps = make(device), 1e-2
    weight = sample(x.shape, device=device)
    expected = weight * (3 * x**2 + eps**2)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.central_difference(lambda x: (weight * x**3).sum(), x, eps)

    check(
        result,
        expected,
        what="Σ weight · x³ with eps 0.01",
        mistakes={
            "a step is taken forward from x alone": weight * (3 * x**2 + 3 * x * eps + eps**2),
            COPY: torch.zeros_like(x),
        },
    )


def test_central_difference_takes_the_eps_it_is_given(device):
    x, eps = sample((4, 3), device=device), 1e-3
    factor = sample((), device=device, low=1.0)

    result = gradient_check.central_difference(lambda x: factor * (x**3).sum(), x, eps)

    expected = factor * (3 * x**2 + eps**2)
    check(result, expected, what="a multiple of Σx³ with eps 0.001", rtol=1e-8, atol=1e-9)


def test_central_difference_takes_a_function_that_returns_its_argument(device):
    x = sample((), device=device)

    result = gradient_check.central_difference(lambda x: x, x, 1e-3)

    check(
        result,
        torch.ones_like(x),
        what="f(x) = x, returned as it came",
        mistakes={ALIAS: torch.zeros_like(x)},
    )


def test_central_difference_takes_an_f_that_looks_at_values(device):
    x = sample((3,), device=device, low=0.5)

    with situation(LOOKS):
        result = gradient_check.central_difference(lambda x: either_way(x).sum(), x, 0.25)

    check(result, torch.full_like(x, 2), what="2Σx where Σx > 0, and 3Σx elsewhere")


@any_setting
def test_central_difference_is_right_and_leaves_all_as_it_was_in_any_setting(
    setting, where, tolerance, device
):
    with setting((4, 3), device) as (x, weight, _):
        result = gradient_check.central_difference(lambda x: (weight * x.square()).sum(), x, 0.25)

    check(
        result, (2 * weight * x).detach(), what=f"Σ weight · x² with eps 0.25, {where}", **tolerance
    )


def test_central_difference_is_0_where_rounding_swallows_the_step(device):
    x = torch.tensor([1e8], dtype=torch.float32, device=device)

    result = gradient_check.central_difference(lambda x: x.sum(), x, 1e-3)

    check(
        result,
        torch.zeros_like(result),
        what="Σx at 1e8 in float32, where x + eps and x - eps are x, with eps 0.001",
        mistakes={
            "the difference is divided by the step that rounding has left, here 0: the formula "
            "divides by 2·eps": torch.full_like(result, math.nan)
        },
    )


@any_failure
def test_central_difference_leaves_x_as_it_was_when_f_raises(call, error, device):
    x = sample((4, 3), device=device)
    f = failing(lambda x: x.square().sum(), call, error)

    with unchanged(x), coming_through(error, f"f, in call {call},"):
        gradient_check.central_difference(f, x, 1e-2)


def test_central_difference_starts_each_step_from_the_numbers_of_x(device):
    x, f, gradient, words = swallowed(device)

    result = gradient_check.central_difference(f, x, 0.5)

    check(
        result,
        gradient,
        what=f"{words} with eps 0.5",
        mistakes={ROUNDED: torch.stack([gradient[0], gradient.new_tensor(0.0)])},
    )
