import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import (
    a_leaf,
    check,
    inside_no_grad,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import (
    CLOSED_OVER,
    NO_GRAD_FN,
    Observed,
    a_weight,
    an_error_comes_through,
    any_constant,
    any_first_failure,
    any_jacobian,
    as_rows,
    computed,
    ending_in_infinity,
    jacobian_mistakes,
    made_finite,
    mixing,
    stale,
)

pytestmark = pytest.mark.task("jacobian_rows")


by_rows = pytest.mark.forbid(
    "torch.func",
    "torch.autograd.functional.jacobian",
    reason="take one backward pass for each element of f(x)",
)


@by_rows
@any_jacobian
def test_jacobian_rows_is_torchs(layout, shape, device):
    x = sample(**layout, device=device)
    f = mixing(x, shape)
    jacobian = functional.jacobian(f, x)

    given = f"given x of shape {tuple(x.shape)} and f(x) of shape {shape}"
    with situation(given), unchanged(x):
        result = jacobian_hessian.jacobian_rows(f, x)

    rows = as_rows(jacobian, shape)
    check(
        result,
        jacobian,
        what=f"J, {given}",
        mistakes={
            **jacobian_mistakes(jacobian, shape),
            "each row adds to those before: .backward() adds to .grad, so clear it in "
            "between": rows.cumsum(0).reshape(jacobian.shape),
            "every row is one and the same tensor, .grad, which the last pass has filled: keep a "
            "copy of each": rows[-1:].expand_as(rows).reshape(jacobian.shape),
            "f is taken for one that ignores x, or every row is .grad itself, which has been "
            "cleared since: keep a copy of each": torch.zeros_like(jacobian),
        },
    )


@by_rows
@pytest.mark.parametrize("shape", [(4, 3), ()], ids=str)
def test_jacobian_rows_has_one_row_for_a_scalar_and_lets_nan_through(shape, device):
    x = ending_in_infinity(sample(shape, device=device))

    with situation(f"given f(x) of shape (), a scalar, where x has shape {shape}"):
        result = jacobian_hessian.jacobian_rows(lambda t: t.square().sum(), x)

    what = f"J of Σ x², a scalar, where x has shape {shape}"
    check(result, 2 * x, what=what, mistakes=made_finite(2 * x))


@by_rows
def test_jacobian_rows_keeps_float32(device):
    x = sample((3,), device=device, dtype=torch.float32)

    result = jacobian_hessian.jacobian_rows(lambda t: t.sin() + t.sign(), x)

    check(result, torch.diag(x.cos()), what="J of sin x + sign x in float32")


@by_rows
@any_constant
def test_jacobian_rows_is_zeros_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with stale_memory(), situation(f"given an f that ignores x, {result}"):
        jacobian = jacobian_hessian.jacobian_rows(lambda t: 3 * constant, x)

    zeros = x.new_zeros(2, 4, 3)
    check(jacobian, zeros, what=f"J of an f that ignores x, {result}", mistakes=stale(zeros))


@by_rows
def test_jacobian_rows_takes_an_f_that_returns_its_argument(device):
    x = sample((3,), device=device)
    expected = torch.eye(3, dtype=x.dtype, device=device)

    with situation("given f(x) = x"):
        result = jacobian_hessian.jacobian_rows(lambda t: t, x)

    check(
        result,
        expected,
        what="J of f(x) = x, whose gradient is the incoming one itself",
        mistakes={
            NO_GRAD_FN: torch.zeros_like(expected),
            "each row is the same incoming gradient, which has been filled anew since: make a new "
            "one for each row": expected[-1:].expand(3, 3),
        },
    )


@by_rows
def test_jacobian_rows_leaves_tensors_that_record_as_they_were(device):
    x = a_leaf((3,), device)

    with a_weight((3,), device) as weight, unchanged(x):
        result = jacobian_hessian.jacobian_rows(lambda t: weight * t.sin(), x)

    expected = torch.diag(weight * x.cos()).detach()
    check(
        result,
        expected,
        what="J, where x and a weight of f record",
        mistakes={"what x.grad held before is added to": expected + x.grad},
    )


@by_rows
def test_jacobian_rows_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((3,), device) as x:
        result = jacobian_hessian.jacobian_rows(lambda t: t * x, x)

    at = x.detach()
    check(
        result,
        torch.diag(at),
        what="J of f(t) = t·x",
        mistakes={CLOSED_OVER: torch.diag(2 * at)},
    )


@by_rows
def test_jacobian_rows_works_inside_no_grad(device):
    x = sample((3,), device=device)

    with inside_no_grad():
        result = jacobian_hessian.jacobian_rows(torch.sin, x)

    check(result, torch.diag(x.cos()), what="J, called inside torch.no_grad()")


@by_rows
def test_jacobian_rows_takes_one_backward_for_each_row(device):
    f = Observed(lambda t: t.sin().repeat(2))

    jacobian_hessian.jacobian_rows(f, sample((3,), device=device))

    assert f.passes >= 6, (
        f"f(x) has 6 elements, and {f.passes} backward "
        f"{'pass goes' if f.passes == 1 else 'passes go'} through f: take one for each element"
    )


@by_rows
@any_first_failure
def test_jacobian_rows_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x = sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.jacobian_rows(failing, x)
