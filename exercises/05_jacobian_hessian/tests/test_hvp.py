import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import any_layout, check, sample, situation, stale_memory, turned, unchanged

from .shared import (
    CLOSED_OVER,
    HESSIANS,
    TAKEN_FOR_LINEAR,
    Measured,
    Observed,
    all_entries,
    an_error_comes_through,
    any_constant,
    any_failure,
    any_line,
    any_setting,
    applied,
    bumpy,
    computed,
    diagonal,
    differentiating_twice,
    large_infinite_and_nan,
    made_finite,
    stale,
)

pytestmark = pytest.mark.task("hvp")


without_hvp = pytest.mark.forbid(
    "torch.autograd.functional.hvp",
    "torch.autograd.functional.vhp",
    *HESSIANS,
    reason="differentiate the gradient, with v for the incoming gradient",
)


@without_hvp
@any_layout
def test_hvp_is_h_times_v(layout, device):
    x = sample(**layout, device=device)
    f, v = bumpy(x), turned(sample(x.shape[::-1], device=device))
    matrix = functional.hessian(f, x)

    given = f"given x of shape {tuple(x.shape)}"
    with differentiating_twice(given), unchanged(x, v):
        result = jacobian_hessian.hvp(f, x, v)

    check(
        result,
        applied(matrix, v, to=x.shape),
        what=f"Hv, {given}",
        mistakes={
            "v is left out: that is the sum of each row of H": all_entries(matrix, x),
            "v is multiplied in after the second pass, and not before": v * all_entries(matrix, x),
            "only the diagonal of H counts": v * diagonal(matrix, x),
            "the gradient is multiplied by v, and not differentiated": (
                v * functional.jacobian(f, x)
            ),
            TAKEN_FOR_LINEAR: torch.zeros_like(x),
        },
    )


@without_hvp
def test_hvp_calls_f_once(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    f = Observed(bumpy(x))

    jacobian_hessian.hvp(f, x, v)

    assert f.calls == 1, (
        f"f is called {f.calls} times, once is enough: differentiate the gradient at x itself; "
        "the difference of two gradients, at nearby points, only comes near Hv"
    )


@without_hvp
@any_line
def test_hvp_is_zeros_where_f_is_linear(recording, gradient, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given a linear f, {gradient}"):
        result = jacobian_hessian.hvp(lambda t: (weight * t).sum(), x, v)

    zeros = torch.zeros_like(x)
    check(result, zeros, what=f"Hv of a linear f, {gradient}", mistakes=stale(zeros))


@without_hvp
@any_constant
def test_hvp_is_zeros_where_f_ignores_x(recording, result, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    constant = sample((), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given an f that ignores x, {result}"):
        product = jacobian_hessian.hvp(lambda t: 3 * constant, x, v)

    zeros = torch.zeros_like(x)
    check(product, zeros, what=f"Hv of an f that ignores x, {result}", mistakes=stale(zeros))


@without_hvp
@any_setting
def test_hvp_is_right_and_leaves_all_as_it_was_in_any_setting(setting, where, device):
    with setting((4, 3), device) as (x, weight, v):
        result = jacobian_hessian.hvp(lambda t: (weight * t.sin() + t.relu()).sum(), x, v)

    expected = (-weight * x.sin() * v).detach()
    check(result, expected, what=f"Hv, {where}")


@without_hvp
def test_hvp_lets_nan_and_infinity_through(device):
    x, v = sample((3,), device=device), sample((3,), device=device)
    weight = large_infinite_and_nan(x)

    result = jacobian_hessian.hvp(lambda t: (weight / 2 * t.square()).sum(), x, v)

    check(result, weight * v, what="Hv of Σ weight / 2 · x²", mistakes=made_finite(weight * v))


@without_hvp
def test_hvp_holds_an_x_that_f_uses_by_itself_constant(device):
    v = sample((4, 3), device=device)

    with computed((4, 3), device) as x:
        result = jacobian_hessian.hvp(lambda t: (t.square() * x).sum(), x, v)

    at = x.detach()
    check(result, 2 * at * v, what="Hv of f(t) = Σ t²·x", mistakes={CLOSED_OVER: 6 * at * v})


@without_hvp
def test_hvp_of_2000_elements_never_forms_h(device):
    def chain(t):
        return ((t[1:] - t[:-1].square()).square() + t[1:].sin()).sum() + t.sum().cos()

    x, v = sample((2000,), device=device), sample((2000,), device=device)
    advice = (
        "x has 2000 elements, and H has 4,000,000, which Hv does not need; one pass gives the "
        "gradient, and a second one, with v for the incoming gradient, gives Hv"
    )

    f = Observed(chain, most=2, advice=advice)
    with Measured(elements=20_000, operations=1000, advice=advice):
        result = jacobian_hessian.hvp(f, x, v)

    check(result, functional.hvp(chain, x, v)[1], what="Hv of 2000 elements")


@without_hvp
@any_failure
def test_hvp_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x, v = sample((3,), device=device), sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.hvp(lambda t: failing(t).sum(), x, v)
