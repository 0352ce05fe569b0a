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
    any_failure,
    any_layout,
    any_setting,
    coming_through,
    curved,
    either_way,
    failing,
    returning,
    without_autograd,
)

pytestmark = pytest.mark.task("numerical_jacobian")


def jacobian_by_autograd(f, x):
    return torch.autograd.functional.jacobian(f, x)


@without_autograd
@pytest.mark.parametrize("rows", [3, 2], ids=["square", "wide"])
def test_numerical_jacobian_of_a_linear_map_is_its_matrix(rows, device):
    matrix, x = sample((rows, 3), device=device), sample((3,), device=device)

    result = gradient_check.numerical_jacobian(lambda x: matrix @ x, x, 0.5)

    check(
        result,
        matrix,
        what="the Jacobian of matrix @ x",
        mistakes={
            "the differences are divided by eps: their points are 2·eps apart": 2 * matrix,
            "all elements are moved at once: move one at a time": (
                matrix.sum(1, keepdim=True).expand(rows, 3)
            ),
            NO_COPY: torch.zeros_like(matrix),
        },
    )


def test_numerical_jacobian_is_central(device):
    x = sample((3,), device=device)

    result = gradient_check.numerical_jacobian(lambda x: x**3, x, 1e-2)

    check(
        result,
        torch.diag(3 * x**2 + 1e-4),
        what="the Jacobian of x³ with eps 0.01",
        mistakes={
            "a step is taken forward from x alone": torch.diag(3 * x**2 + 0.03 * x + 1e-4),
        },
    )


@any_layout
def test_numerical_jacobian_is_that_of_autograd_in_any_layout(make, device):
    x = make(device)
    f = curved(x, 5)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.numerical_jacobian(f, x, 1e-5)

    check(
        result,
        jacobian_by_autograd(f, x),
        what="the Jacobian of sin(matrix @ x)",
        mistakes={COPY: torch.zeros(5, *x.shape, dtype=x.dtype)},
        rtol=1e-6,
        atol=1e-8,
    )


@pytest.mark.parametrize("shape", [(), (2, 1, 3), (3, 2)], ids=str)
def test_numerical_jacobian_has_the_indices_of_the_result_first(shape, device):
    x = sample((3, 2), device=device)
    flat = curved(x, math.prod(shape))
    expected = jacobian_by_autograd(lambda x: flat(x).reshape(shape), x)

    with situation(f"given an f whose result has shape {shape}"):
        result = gradient_check.numerical_jacobian(lambda x: flat(x).reshape(shape), x, 1e-5)

    last = range(len(shape), len(shape) + 2)
    check(
        result,
        expected,
        what=f"the Jacobian for f(x) of shape {shape} and x of shape (3, 2)",
        mistakes={
            "the indices of x come first: those of f(x) do": expected.permute(
                *last, *range(len(shape))
            )
        },
        rtol=1e-6,
        atol=1e-8,
    )


def test_numerical_jacobian_takes_a_function_that_returns_a_view_or_a_tensor_that_it_keeps(device):
    x, kept = sample((3, 2), device=device), sample((4,), device=device)

    with situation("given f(x) = x.T, a view that is not contiguous"):
        of_view = gradient_check.numerical_jacobian(lambda x: x.T, x, 1e-3)
    with returning(kept):
        of_kept = gradient_check.numerical_jacobian(lambda x: kept, x, 1e-3)

    expected = torch.eye(6, dtype=x.dtype, device=device).reshape(3, 2, 3, 2).transpose(0, 1)
    check(
        of_view,
        expected,
        what="the Jacobian of f(x) = x.T",
        mistakes={ALIAS: torch.zeros_like(expected)},
    )
    check(of_kept, x.new_zeros(4, 3, 2), what="the Jacobian of an f that returns what it keeps")


@any_setting
def test_numerical_jacobian_is_right_and_leaves_all_as_it_was_in_any_setting(
    setting, where, tolerance, device
):
    with setting((3,), device) as (x, weight, _):
        result = gradient_check.numerical_jacobian(lambda x: weight * x.square(), x, 0.25)

    check(
        result,
        torch.diag(2 * weight * x).detach(),
        what=f"the Jacobian of weight · x², {where}",
        **tolerance,
    )


def test_numerical_jacobian_is_0_where_rounding_swallows_the_step(device):
    x = torch.tensor([1e8], dtype=torch.float32, device=device)

    result = gradient_check.numerical_jacobian(lambda x: x * 1, x, 1e-3)

    check(
        result,
        torch.zeros_like(result),
        what="the Jacobian of x at 1e8 in float32, where x + eps and x - eps are x, eps 0.001",
        mistakes={
            "the difference is divided by the step that rounding has left, here 0: the formula "
            "divides by 2·eps": torch.full_like(result, math.nan)
        },
    )


def test_numerical_jacobian_takes_an_f_that_looks_at_values(device):
    x = sample((3,), device=device, low=0.5)

    with situation(LOOKS):
        result = gradient_check.numerical_jacobian(either_way, x, 0.25)

    expected = 2 * torch.eye(3, dtype=x.dtype, device=device)
    check(result, expected, what="the Jacobian of 2x where Σx > 0, and of 3x elsewhere")


@any_failure
def test_numerical_jacobian_leaves_x_as_it_was_when_f_raises(call, error, device):
    x = sample((3,), device=device)
    f = failing(torch.square, call, error)

    with unchanged(x), coming_through(error, f"f, in call {call},"):
        gradient_check.numerical_jacobian(f, x, 1e-2)
