import forward_mode
import pytest
import torch

from gradkata.checks import check, forbid, sample

from .shared import (
    REVERSE,
    UNINITIALISED,
    Case,
    Observed,
    all_record,
    at_a_minimum,
    constant_that_records,
    demand_that_errors_come_through,
    each,
    zero_axes,
)

pytestmark = pytest.mark.task("derivatives_along")


forward_only = forbid(*REVERSE, reason="let x move along v, and what then comes out as well")


def by_reverse(f, x, v):
    """Return the value and the two derivatives along v, by reverse passes alone."""
    t = x.new_zeros((), requires_grad=True)
    value = f(x + t * v) + 0 * t
    first = moving_with(t, value)
    return value.detach(), first.detach(), moving_with(t, first + 0 * t).detach()


def moving_with(t, y):
    """Return how y moves with t: back, and back again by what went in."""
    weight = torch.ones_like(y, requires_grad=True)
    (back,) = torch.autograd.grad(y, t, weight, create_graph=True)
    return torch.autograd.grad(back, weight, create_graph=True)[0]


@each(zero_axes, all_record, constant_that_records, at_a_minimum)
def test_derivatives_along_are_those_of_f_on_a_line(case, device):
    case = Case(case, device)
    v = case.direction()

    with case.called(v), forward_only:
        result = forward_mode.derivatives_along(case.f, case.x, v)

    value, first, second = by_reverse(case.f, case.at, v.detach())
    check(
        result,
        (value, first, second),
        what=f"f(x) and its derivatives along v, {case.words}",
        rtol=case.rtol,
        atol=case.rtol,
        mistakes={
            "the last is taken for zeros: the slope moves too": (value, first, 0 * second),
            "the last is the coefficient of t², half the derivative": (value, first, second / 2),
            "the last is the square of the slope": (value, first, first.square()),
            UNINITIALISED: (value, first, torch.full_like(second, torch.nan)),
        },
    )


@pytest.mark.parametrize("size", [1, 0])
def test_derivatives_along_have_a_closed_form_for_a_sine_and_call_f_once(size, device):
    x, v = sample((3,), device=device), size * sample((3,), device=device)
    weight = sample((4, 3), device=device)
    f = Observed(lambda t: (weight @ t).sin())

    with forward_only:
        result = forward_mode.derivatives_along(f, x, v)

    assert f.calls == 1, (
        f"f is called {f.calls} times, once is enough: differences only come near a derivative"
    )
    at, along = weight @ x, weight @ v
    expected = (at.sin(), at.cos() * along, -at.sin() * along.square())
    where = "" if size else ", where v is zeros"
    check(result, expected, what=f"sin(W x) and its derivatives along v{where}")


def test_derivatives_along_let_an_error_of_f_through(device):
    def call(f, x):
        forward_mode.derivatives_along(f, x, x)

    demand_that_errors_come_through(call, device, forward_only)
