import math

import gradient_check
import pytest
import torch

from gradkata.checks import check, sample, situation, tracked_copies, unchanged

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
    curved,
    either_way,
    failing,
    returning,
    swallowed,
    without_autograd,
)

pytestmark = pytest.mark.task("numerical_vjp")


def vjp_by_autograd(f, x, v):
    (leaf,) = tracked_copies(x)
    return torch.autograd.grad(f(leaf), leaf, v)[0]


@without_autograd
def test_numerical_vjp_weighs_the_rows_of_the_jacobian(device):
    matrix, v = sample((3, 3), device=device), sample((3,), device=device)
    x = sample((3,), device=device)

    result = gradient_check.numerical_vjp(lambda x: matrix @ x, x, v, 0.5)

    check(
        result,
        v @ matrix,
        what="vᵀJ of matrix @ x, whose J is the matrix",
        mistakes={
            "v is ignored: that is the gradient of the sum": matrix.sum(0),
            "J is multiplied with v from the right: that is Jv": matrix @ v,
            "the difference is divided by eps: its points are 2·eps apart": 2 * v @ matrix,
            NO_COPY: torch.zeros_like(x),
        },
    )


def test_numerical_vjp_is_central(device):
    x, v = sample((3,), device=device), sample((3,), device=device)

    result = gradient_check.numerical_vjp(lambda x: x**3, x, v, 1e-2)

    check(
        result,
        v * (3 * x**2 + 1e-4),
        what="vᵀJ of x³ with eps 0.01",
        mistakes={
            "a step is taken forward from x alone": v * (3 * x**2 + 0.03 * x + 1e-4),
            "v is ignored: that is the gradient of the sum": 3 * x**2 + 1e-4,
        },
    )


@any_layout
def test_numerical_vjp_is_that_of_autograd_in_any_layout(make, device):
    x = make(device)
    f, v = curved(x, 5), sample((5,), device=device)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.numerical_vjp(f, x, v, 1e-5)

    check(
        result,
        vjp_by_autograd(f, x, v),
        what="vᵀJ of sin(matrix @ x)",
        mistakes={
            "v is ignored: that is the gradient of the sum": lambda: vjp_by_autograd(
                f, x, torch.ones_like(v)
            ),
            COPY: torch.zeros_like(x),
        },
        rtol=1e-6,
        atol=1e-8,
    )


@pytest.mark.parametrize("shape", [(), (2, 1, 3)], ids=str)
def test_numerical_vjp_takes_results_of_any_shape(shape, device):
    x, v = sample((4,), device=device), sample(shape, device=device)
    flat = curved(x, v.numel())

    with situation(f"given an f whose result has shape {shape}"):
        result = gradient_check.numerical_vjp(lambda x: flat(x).reshape(shape), x, v, 1e-5)

    expected = vjp_by_autograd(flat, x, v.reshape(-1))
    check(result, expected, what=f"vᵀJ for f(x) of shape {shape}", rtol=1e-6, atol=1e-8)


def test_numerical_vjp_takes_a_function_that_returns_a_view_or_a_tensor_that_it_keeps(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device).T
    kept = sample((3, 4), device=device)

    of_view = gradient_check.numerical_vjp(lambda x: x.T, x, v, 1e-3)
    with returning(kept):
        of_kept = gradient_check.numerical_vjp(lambda x: kept, x, v, 1e-3)

    check(of_view, v.T, what="vᵀJ of f(x) = x.T", mistakes={ALIAS: torch.zeros_like(x)})
    check(of_kept, torch.zeros_like(x), what="vᵀJ of an f that returns a tensor that it keeps")


@any_setting
def test_numerical_vjp_is_right_and_leaves_all_as_it_was_in_any_setting(
    setting, where, tolerance, device
):
    with setting((4, 3), device) as (x, weight, v):
        result = gradient_check.numerical_vjp(lambda x: weight * x.square(), x, v, 0.25)

    expected = (2 * v * weight * x).detach()
    check(result, expected, what=f"vᵀJ of weight · x², {where}", **tolerance)


def test_numerical_vjp_is_0_where_rounding_swallows_the_step(device):
    x = torch.tensor([1e8], dtype=torch.float32, device=device)

    result = gradient_check.numerical_vjp(lambda x: x * 1, x, torch.ones_like(x), 1e-3)

    check(
        result,
        torch.zeros_like(result),
        what="vᵀJ of f(x) = x at 1e8 in float32, where x + eps and x - eps are x, with eps 0.001",
        mistakes={
            "the difference is divided by the step that rounding has left, here 0: the formula "
            "divides by 2·eps": torch.full_like(result, math.nan)
        },
    )


def test_numerical_vjp_takes_an_f_that_looks_at_values(device):
    x, v = sample((3,), device=device, low=0.5), sample((3,), device=device)

    with situation(LOOKS):
        result = gradient_check.numerical_vjp(either_way, x, v, 0.25)

    check(result, 2 * v, what="vᵀJ of 2x where Σx > 0, and of 3x elsewhere")


def test_numerical_vjp_takes_x_itself_for_v(device):
    x = sample((4, 3), device=device)
    expected = 2 * x.square()

    result = gradient_check.numerical_vjp(torch.square, x, x, 0.25)

    check(
        result,
        expected,
        what="vᵀJ of x², where v is x",
        mistakes={
            "v is moved with x, whose memory it shares: move a copy of x": (
                3 * x.square() + 0.25**2
            )
        },
    )


@any_failure
def test_numerical_vjp_leaves_x_as_it_was_when_f_raises(call, error, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    f = failing(torch.square, call, error)

    with unchanged(x, v), coming_through(error, f"f, in call {call},"):
        gradient_check.numerical_vjp(f, x, v, 1e-2)


def test_numerical_vjp_starts_each_step_from_the_numbers_of_x(device):
    x, f, gradient, words = swallowed(device)

    result = gradient_check.numerical_vjp(f, x, torch.ones_like(x[0]), 0.5)

    check(
        result,
        gradient,
        what=f"the product with 1, of {words} with eps 0.5",
        mistakes={ROUNDED: torch.stack([gradient[0], gradient.new_tensor(0.0)])},
    )
