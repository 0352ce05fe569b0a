import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import (
    check,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import (
    CLOSED_OVER,
    JACOBIANS,
    NO_GRAD_FN,
    Observed,
    an_error_comes_through,
    any_constant,
    any_first_failure,
    any_jacobian,
    any_setting,
    computed,
    ending_in_infinity,
    jacobian_mistakes,
    made_finite,
    mixing,
    stale,
)

pytestmark = pytest.mark.task("jacobian_batched")


in_one_batch = pytest.mark.forbid(
    *JACOBIANS, reason="give torch.autograd.grad a batch of incoming gradients"
)


@in_one_batch
@any_jacobian
def test_jacobian_batched_is_torchs(layout, shape, device):
    x = sample(**layout, device=device)
    f = mixing(x, shape)
    jacobian = functional.jacobian(f, x)

    given = f"given x of shape {tuple(x.shape)} and f(x) of shape {shape}"
    with situation(given), unchanged(x):
        result = jacobian_hessian.jacobian_batched(f, x)

    check(result, jacobian, what=f"J, {given}", mistakes=jacobian_mistakes(jacobian, shape))


@in_one_batch
def test_jacobian_batched_comes_from_one_call_and_one_backward(device):
    f = Observed(lambda t: t.sin().repeat(2))

    jacobian_hessian.jacobian_batched(f, sample((3,), device=device))

    assert f.calls == 1, f"f is called {f.calls} times: call it once, with x"
    assert f.passes == 1, (
        f"f(x) has 6 elements, and {f.passes} backward passes go through f: one is due, with a "
        "batch of 6 incoming gradients"
    )


@in_one_batch
@pytest.mark.parametrize("shape", [(4, 3), ()], ids=str)
def test_jacobian_batched_has_one_row_for_a_scalar_and_lets_nan_through(shape, device):
    x = ending_in_infinity(sample(shape, device=device))

    with situation(f"given f(x) of shape (), a scalar, where x has shape {shape}"):
        result = jacobian_hessian.jacobian_batched(lambda t: t.square().sum(), x)

    what = f"J of Σ x², a scalar, where x has shape {shape}"
    check(result, 2 * x, what=what, mistakes=made_finite(2 * x))


@in_one_batch
@any_constant
def test_jacobian_batched_is_zeros_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given an f that ignores x, {result}"):
        jacobian = jacobian_hessian.jacobian_batched(lambda t: 3 * constant, x)

    zeros = x.new_zeros(2, 4, 3)
    check(
        jacobian,
        zeros,
        what=f"J of an f that ignores x, {result}",
        mistakes={
            **stale(zeros),
            "materialize_grads fills in: it gives zeros in the shape of x, one row and not a batch "
            "of rows": torch.zeros_like(x),
        },
    )


@in_one_batch
@any_setting
def test_jacobian_batched_is_right_and_leaves_all_as_it_was_in_any_setting(setting, where, device):
    with setting((3,), device) as (x, weight, _):
        result = jacobian_hessian.jacobian_batched(lambda t: weight * t.sin() + t.sign(), x)

    expected = torch.diag(weight * x.cos()).detach()
    check(result, expected, what=f"J, {where}")


@in_one_batch
def test_jacobian_batched_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((3,), device) as x:
        result = jacobian_hessian.jacobian_batched(lambda t: t * x, x)

    at = x.detach()
    check(
        result,
        torch.diag(at),
        what="J of f(t) = t·x",
        mistakes={CLOSED_OVER: torch.diag(2 * at)},
    )


@in_one_batch
def test_jacobian_batched_takes_an_f_that_returns_its_argument(device):
    x = sample((3,), device=device)
    expected = torch.eye(3, dtype=x.dtype, device=device)

    with situation("given f(x) = x"):
        result = jacobian_hessian.jacobian_batched(lambda t: t, x)

    mistakes = {NO_GRAD_FN: torch.zeros_like(expected)}
    check(result, expected, what="J of f(x) = x", mistakes=mistakes)


@in_one_batch
@any_first_failure
def test_jacobian_batched_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x = sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.jacobian_batched(failing, x)
