import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import any_layout, check, sample, situation, stale_memory, unchanged

from .shared import (
    CLOSED_OVER,
    HESSIANS,
    TAKEN_FOR_LINEAR,
    an_error_comes_through,
    any_constant,
    any_failure,
    any_infinity,
    any_line,
    any_setting,
    bent,
    bumpy,
    computed,
    diagonal,
    differentiating_twice,
    made_finite,
    stale,
    steep,
)

pytestmark = pytest.mark.task("laplacian")


by_second_derivatives = pytest.mark.forbid(
    *HESSIANS, reason="add up the second derivatives by each element of x"
)


@by_second_derivatives
@any_layout
def test_laplacian_is_the_trace_of_the_hessian(layout, device):
    x = sample(**layout, device=device)
    f = bumpy(x)
    matrix = functional.hessian(f, x)
    expected = diagonal(matrix, x).sum()

    given = f"given x of shape {tuple(x.shape)}"
    with differentiating_twice(given), unchanged(x):
        result = jacobian_hessian.laplacian(f, x)

    check(
        result,
        expected,
        what=f"the trace of H, {given}",
        mistakes={
            "all entries of H are added up, as differentiating the sum of the gradient does: only "
            "those on its diagonal count": matrix.sum(),
            "the second derivatives are returned one by one: add them up": diagonal(matrix, x),
            "the diagonal of an H of four axes is taken from two of them alone: reshape H to a "
            "matrix first": lambda: matrix.diagonal().sum(),
            "the gradient is added up: differentiate it first": functional.jacobian(f, x).sum(),
            "the mean is taken, and not the sum": expected / x.numel(),
            TAKEN_FOR_LINEAR: torch.zeros_like(expected),
        },
    )


@by_second_derivatives
def test_laplacian_is_differentiated_and_not_measured(device):
    x = sample((3,), device=device)

    result = jacobian_hessian.laplacian(steep, x)

    check(result, -90000 * (300 * x).sin().sum(), what="the trace of H of Σ sin 300x")


@by_second_derivatives
@any_line
def test_laplacian_is_0_where_f_is_linear(recording, gradient, device):
    x = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given a linear f, {gradient}"):
        result = jacobian_hessian.laplacian(lambda t: (weight * t).sum(), x)

    zeros = x.new_zeros(())
    check(result, zeros, what=f"the trace of H of a linear f, {gradient}", mistakes=stale(zeros))


@by_second_derivatives
@any_constant
def test_laplacian_is_0_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given an f that ignores x, {result}"):
        trace = jacobian_hessian.laplacian(lambda t: 3 * constant, x)

    zeros = x.new_zeros(())
    what = f"the trace of H of an f that ignores x, {result}"
    check(trace, zeros, what=what, mistakes=stale(zeros))


@by_second_derivatives
@any_setting
def test_laplacian_is_right_and_leaves_all_as_it_was_in_any_setting(setting, where, device):
    with setting((4, 3), device) as (x, weight, _):
        result = jacobian_hessian.laplacian(lambda t: (weight * t.sin() + t.relu()).sum(), x)

    expected = -(weight * x.sin()).sum().detach()
    check(result, expected, what=f"the trace of H, {where}")


@by_second_derivatives
@any_infinity
def test_laplacian_may_be_infinite_or_nan(bend, device):
    x = sample((), device=device)

    result = jacobian_hessian.laplacian(bent(bend), x)

    due = torch.full_like(x, bend)
    what = f"the trace of H of {bend} / 2 · x², where x is 0-d"
    check(result, due, what=what, mistakes=made_finite(due))


@by_second_derivatives
def test_laplacian_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((4, 3), device) as x:
        result = jacobian_hessian.laplacian(lambda t: (t.square() * x).sum(), x)

    at = x.detach()
    check(
        result,
        2 * at.sum(),
        what="the trace of H of f(t) = Σ t²·x",
        mistakes={CLOSED_OVER: 6 * at.sum()},
    )


@by_second_derivatives
@any_failure
def test_laplacian_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x = sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.laplacian(lambda t: failing(t).sum(), x)
