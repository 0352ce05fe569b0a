import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import (
    SquareWithSlope7,
    any_layout,
    check,
    sample,
    situation,
    stale_memory,
    turned,
    unchanged,
)

from .shared import (
    CLOSED_OVER,
    JACOBIANS,
    NO_GRAD_FN,
    Measured,
    Observed,
    an_error_comes_through,
    any_constant,
    any_failure,
    any_setting,
    applied,
    computed,
    large_infinite_and_nan,
    made_finite,
    mixing,
    stale,
)

pytestmark = pytest.mark.task("jvp_double_backward")


_FORWARD = ("torch.autograd.forward_ad", "torch.func.jvp", "torch.func.linearize")


NO_PATH = (
    "no path leads from uᵀJ to u: the first pass needs create_graph=True, recording on and a u "
    "that requires grad, and the second differentiates with respect to u, not to x"
)


in_reverse = pytest.mark.forbid(
    *_FORWARD,
    *JACOBIANS,
    "torch.autograd.functional.jvp",
    reason="take two reverse passes, the second one with respect to u",
)


@in_reverse
@any_layout
def test_jvp_is_j_times_v(layout, device):
    x = sample(**layout, device=device)
    f, v = mixing(x, x.shape), turned(sample(x.shape[::-1], device=device))
    expected = applied(functional.jacobian(f, x), v, to=x.shape)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x, v):
        result = jacobian_hessian.jvp_double_backward(f, x, v)

    check(
        result,
        expected,
        what="Jv",
        mistakes={
            "v is multiplied from the left: that is vᵀJ": lambda: functional.vjp(f, x, v)[1],
            "the second pass starts from ones, and v is left out": lambda: applied(
                functional.jacobian(f, x), torch.ones_like(v), to=x.shape
            ),
            NO_PATH: torch.zeros_like(x),
            "u is ones, and the second pass differentiates with respect to x: it must be "
            "u": lambda: functional.hvp(lambda t: f(t).sum(), x, v)[1],
        },
    )


@in_reverse
@pytest.mark.parametrize("shape", [(2,), (), (2, 1, 2)], ids=str)
def test_jvp_has_the_shape_of_the_result(shape, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    f = mixing(x, shape)
    expected = applied(functional.jacobian(f, x), v, to=shape)

    with situation(f"given f(x) of shape {shape}, where x has shape (4, 3)"):
        result = jacobian_hessian.jvp_double_backward(f, x, v)

    check(result, expected, what=f"Jv, where f(x) has shape {shape}")


@in_reverse
def test_jvp_of_a_linear_f_is_f_of_v(device):
    x, v = sample((3,), device=device), sample((3,), device=device)
    weight = sample((2, 3), device=device)

    with situation("given a linear f, f(x) = Wx, whose J does not depend on x"):
        result = jacobian_hessian.jvp_double_backward(lambda t: weight @ t, x, v)

    check(
        result,
        weight @ v,
        what="Jv of the linear f(x) = Wx",
        mistakes={
            "the second pass differentiates with respect to x, on which the J of a linear f does "
            "not depend, or finds no path to u": torch.zeros_like(weight @ v)
        },
    )


@in_reverse
def test_jvp_uses_the_slope_that_backward_gives(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    result = jacobian_hessian.jvp_double_backward(SquareWithSlope7.apply, x, v)

    check(
        result,
        7 * v,
        what="Jv of a square whose own backward says 7",
        mistakes={"f is measured at nearby points, and autograd is not asked": 2 * x * v},
        rtol=1e-3,
        atol=1e-3,
    )


@in_reverse
@any_constant
def test_jvp_is_zeros_where_f_ignores_x(recording, result, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given an f that ignores x, {result}"):
        product = jacobian_hessian.jvp_double_backward(lambda t: 3 * constant, x, v)

    zeros = x.new_zeros(2)
    check(product, zeros, what=f"Jv of an f that ignores x, {result}", mistakes=stale(zeros))


@in_reverse
def test_jvp_takes_an_f_that_returns_its_argument(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    with situation("given f(x) = x"):
        result = jacobian_hessian.jvp_double_backward(lambda t: t, x, v)

    check(result, v, what="Jv of f(x) = x", mistakes={NO_GRAD_FN: torch.zeros_like(v)})


@in_reverse
def test_jvp_of_a_step_function_is_zeros_in_the_shape_of_its_value(device):
    x, v = sample((4, 3), device=device, gap=0.5), sample((4, 3), device=device)

    given = "given torch.sign of x[0], whose uᵀJ is zeros without a graph to u"
    with stale_memory(), situation(given):
        result = jacobian_hessian.jvp_double_backward(lambda t: torch.sign(t[0]), x, v)

    zeros = torch.zeros_like(x[0])
    check(result, zeros, what="Jv of the sign of x[0]", mistakes=stale(zeros))


@in_reverse
@any_setting
def test_jvp_is_right_and_leaves_all_as_it_was_in_any_setting(setting, where, device):
    with setting((4, 3), device) as (x, weight, v):
        result = jacobian_hessian.jvp_double_backward(lambda t: (weight * t).exp(), x, v)

    expected = (v * weight * (weight * x).exp()).detach()
    check(
        result,
        expected,
        what=f"Jv, {where}",
        mistakes={
            "u is f(x) itself, on which the J of exp depends too: u is a tensor of your own": (
                2 * expected
            ),
        },
    )


@in_reverse
def test_jvp_lets_nan_and_infinity_through(device):
    x, v = sample((), device=device), sample((), device=device)
    weight = large_infinite_and_nan(x)

    result = jacobian_hessian.jvp_double_backward(lambda t: weight * t, x, v)

    check(result, v * weight, what="Jv of weight · x", mistakes=made_finite(v * weight))


@in_reverse
def test_jvp_holds_an_x_that_f_uses_by_itself_constant(device):
    v = sample((4, 3), device=device)

    with computed((4, 3), device) as x:
        result = jacobian_hessian.jvp_double_backward(lambda t: t * x, x, v)

    at = x.detach()
    check(result, v * at, what="Jv of f(t) = t·x", mistakes={CLOSED_OVER: 2 * v * at})


@in_reverse
def test_jvp_never_forms_j(device):
    def rolling(t):
        return t.sin() * t.roll(1)

    x, v = sample((200,), device=device), sample((200,), device=device)
    advice = (
        "x and f(x) have 200 elements each, and J has 40,000, which Jv does not need; "
        "differentiate uᵀJ with respect to u"
    )

    with Measured(elements=2000, operations=1000, advice=advice):
        result = jacobian_hessian.jvp_double_backward(
            Observed(rolling, most=2, advice=advice), x, v
        )

    check(result, v * x.cos() * x.roll(1) + x.sin() * v.roll(1), what="Jv of 200 elements")


@in_reverse
@any_failure
def test_jvp_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x, v = sample((3,), device=device), sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.jvp_double_backward(failing, x, v)
