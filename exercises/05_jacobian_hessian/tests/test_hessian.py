import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import any_layout, check, sample, situation, stale_memory, unchanged

from .shared import (
    CLOSED_OVER,
    HESSIANS,
    JACOBIANS,
    TAKEN_FOR_LINEAR,
    all_entries,
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

pytestmark = pytest.mark.task("hessian")


without_hessian = pytest.mark.forbid(
    *HESSIANS, *JACOBIANS, reason="differentiate each element of the gradient"
)


@without_hessian
@any_layout
def test_hessian_is_torchs(layout, device):
    x = sample(**layout, device=device)
    f = bumpy(x)
    expected = functional.hessian(f, x)

    given = f"given x of shape {tuple(x.shape)}"
    with differentiating_twice(given), unchanged(x):
        result = jacobian_hessian.hessian(f, x)

    check(
        result,
        expected,
        what=f"H, {given}",
        mistakes={
            "only the diagonal is returned": diagonal(expected, x),
            "only the diagonal is filled in": lambda: torch.diag_embed(
                diagonal(expected, x).reshape(-1)
            ).reshape(expected.shape),
            "the rows are added up: that is the gradient of the sum of the gradient": all_entries(
                expected, x
            ),
            "the first derivative is returned: differentiate it again": functional.jacobian(f, x),
            TAKEN_FOR_LINEAR: torch.zeros_like(expected),
        },
    )


@without_hessian
def test_hessian_is_differentiated_and_not_measured(device):
    x = sample((3,), device=device)

    result = jacobian_hessian.hessian(steep, x)

    check(result, torch.diag(-90000 * (300 * x).sin()), what="H of Σ sin 300x")


@without_hessian
@any_line
def test_hessian_is_zeros_where_f_is_linear(recording, gradient, device):
    x = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given a linear f, {gradient}"):
        result = jacobian_hessian.hessian(lambda t: (weight * t).sum(), x)

    zeros = x.new_zeros(4, 3, 4, 3)
    check(result, zeros, what=f"H of a linear f, {gradient}", mistakes=stale(zeros))


@without_hessian
@any_constant
def test_hessian_is_zeros_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given an f that ignores x, {result}"):
        matrix = jacobian_hessian.hessian(lambda t: 3 * constant, x)

    zeros = x.new_zeros(4, 3, 4, 3)
    check(matrix, zeros, what=f"H of an f that ignores x, {result}", mistakes=stale(zeros))


@without_hessian
@any_setting
def test_hessian_is_right_and_leaves_all_as_it_was_in_any_setting(setting, where, device):
    with setting((3,), device) as (x, weight, _):
        result = jacobian_hessian.hessian(lambda t: (weight * t.sin() + t.relu()).sum(), x)

    expected = -torch.diag(weight * x.sin()).detach()
    check(result, expected, what=f"H, {where}")


@without_hessian
@any_infinity
def test_hessian_may_be_infinite_or_nan(bend, device):
    x = sample((), device=device)

    result = jacobian_hessian.hessian(bent(bend), x)

    due = torch.full_like(x, bend)
    what = f"H of {bend} / 2 · x², where x is 0-d"
    check(result, due, what=what, mistakes=made_finite(due))


@without_hessian
def test_hessian_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((3,), device) as x:
        result = jacobian_hessian.hessian(lambda t: (t.square() * x).sum(), x)

    at = x.detach()
    check(
        result,
        torch.diag(2 * at),
        what="H of f(t) = Σ t²·x",
        mistakes={CLOSED_OVER: torch.diag(6 * at)},
    )


@without_hessian
@any_failure
def test_hessian_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x = sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.hessian(lambda t: failing(t).sum(), x)
