import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import any_layout, check, sample, situation, stale_memory, turned, unchanged

from .shared import (
    CLOSED_OVER,
    NO_GRAD_FN,
    an_error_comes_through,
    any_constant,
    any_first_failure,
    any_setting,
    applied,
    computed,
    large_infinite_and_nan,
    made_finite,
    mixing,
    stale,
)

pytestmark = pytest.mark.task("vjp")


without_vjp = pytest.mark.forbid(
    "torch.func.vjp", "torch.autograd.functional.vjp", reason="ask torch.autograd.grad"
)


@without_vjp
@any_layout
def test_vjp_is_the_value_and_v_times_j(layout, device):
    x = sample(**layout, device=device)
    f, v = mixing(x, x.shape), turned(sample(x.shape[::-1], device=device))
    value, (_, product) = f(x), functional.vjp(f, x, v)
    jacobian = functional.jacobian(f, x)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x, v):
        result = jacobian_hessian.vjp(f, x, v)

    check(
        result,
        (value, product),
        what="f(x) and vᵀJ",
        mistakes={
            "v is multiplied from the right: that is Jv": (value, applied(jacobian, v, to=x.shape)),
            "v is left out: that is the gradient of the sum of f(x)": lambda: (
                value,
                functional.vjp(f, x, torch.ones_like(v))[1],
            ),
            "the two are swapped: f(x) comes first": (product, value),
        },
    )


@without_vjp
@pytest.mark.parametrize("shape", [(2,), (), (2, 1, 2)], ids=str)
def test_vjp_takes_an_f_whose_result_has_another_shape_than_x(shape, device):
    x = sample((4, 3), device=device)
    f, v = mixing(x, shape), sample(shape, device=device)
    value, (_, product) = f(x), functional.vjp(f, x, v)

    with situation(f"given f(x) of shape {shape}, where x has shape (4, 3)"):
        result = jacobian_hessian.vjp(f, x, v)

    check(result, (value, product), what="f(x) and vᵀJ")


@without_vjp
@any_constant
def test_vjp_is_zeros_where_f_ignores_x(recording, result, device):
    x, v = sample((4, 3), device=device), sample((2,), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given an f that ignores x, {result}"):
        pair = jacobian_hessian.vjp(lambda t: 3 * constant, x, v)

    value, zeros = 3 * constant.detach(), torch.zeros_like(x)
    check(
        pair,
        (value, zeros),
        what=f"f(x) and vᵀJ of an f that ignores x, {result}",
        mistakes={name: (value, memory) for name, memory in stale(zeros).items()},
    )


@without_vjp
def test_vjp_takes_an_f_that_returns_its_argument(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    result = jacobian_hessian.vjp(lambda t: t, x, v)

    mistakes = {NO_GRAD_FN: (x, torch.zeros_like(x))}
    check(result, (x, v), what="f(x) and vᵀJ of f(x) = x", mistakes=mistakes)


@without_vjp
@any_setting
def test_vjp_is_right_and_leaves_all_as_it_was_in_any_setting(setting, where, device):
    with setting((4, 3), device) as (x, weight, v):
        result = jacobian_hessian.vjp(lambda t: weight * t.sin() + t.sign(), x, v)

    expected = (weight * x.sin() + x.sign()).detach(), (v * weight * x.cos()).detach()
    check(result, expected, what=f"f(x) and vᵀJ, {where}")


@without_vjp
def test_vjp_lets_nan_and_infinity_through(device):
    x, v = sample((3,), device=device), sample((), device=device)
    weight = large_infinite_and_nan(x)

    _, result = jacobian_hessian.vjp(lambda t: (weight * t).sum(), x, v)

    check(result, v * weight, what="vᵀJ of Σ weight · x", mistakes=made_finite(v * weight))


@without_vjp
def test_vjp_holds_an_x_that_f_uses_by_itself_constant(device):
    v = sample((4, 3), device=device)

    with computed((4, 3), device) as x:
        result = jacobian_hessian.vjp(lambda t: t * x, x, v)

    at = x.detach()
    check(
        result,
        (at * at, v * at),
        what="f(x) and vᵀJ of f(t) = t·x",
        mistakes={CLOSED_OVER: (at * at, 2 * v * at)},
    )


@without_vjp
@any_first_failure
def test_vjp_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x, v = sample((3,), device=device), sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.vjp(failing, x, v)
