import forward_mode
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import check, count_elements, sample, situation

from .shared import (
    Case,
    all_record,
    constant_that_records,
    demand_that_errors_come_through,
    each,
    jacobian_mistakes,
    transposed,
    zero_axes,
)

pytestmark = pytest.mark.task("cheapest_jacobian")

CLOSED_OVER = "the original x is made to record, so that the x inside f counts too"


def closed_over(device):
    start = sample((3,), device=device, requires_grad=True)
    x = start.exp()
    return x, lambda t: t * x, [start], "given f(t) = t·x, with an x that was itself computed"


def constant(device):
    x, other = sample((4, 3), device=device), sample((2,), device=device)
    return x, lambda t: 3 * other, [other], "given an f whose result has no graph"


def by_rows_inside_no_grad(device):
    x = sample((4, 3), device=device)
    return (
        x,
        lambda t: (t * x).sin().sum(0),
        [],
        "given more numbers than f returns, inside torch.no_grad()",
    )


@each(
    transposed,
    zero_axes,
    by_rows_inside_no_grad,
    all_record,
    closed_over,
    constant,
    constant_that_records,
)
def test_cheapest_jacobian_is_torchs(case, device):
    case = Case(case, device)

    with case.called():
        result = forward_mode.cheapest_jacobian(case.f, case.x)

    most = 1 + min(case.x.numel(), case.outputs.numel())
    assert case.calls <= most, (
        f"{case.words}, f is called {case.calls} times: {most} at most are due, one for each "
        "column or row, whichever are fewer, and one to know the size of f(x)"
    )
    check(
        result,
        case.jacobian,
        what=f"J, {case.words}",
        rtol=case.rtol,
        atol=case.rtol,
        mistakes=jacobian_mistakes(case) | {CLOSED_OVER: 2 * case.jacobian},
    )


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [((2,), (40,)), ((1, 79), (20,)), ((20,), ())],
    ids=str,
)
def test_cheapest_jacobian_takes_the_mode_that_is_cheaper(inputs, outputs, device):
    x = sample(inputs, device=device)
    first = sample((30, x.numel()), device=device)
    last = sample((torch.Size(outputs).numel(), 30), device=device)

    def f(t):
        return (last @ (first @ t.reshape(-1)).tanh()).reshape(outputs)

    with count_elements() as by_columns:
        torch.func.jacfwd(f)(x)
    with count_elements() as by_rows:
        jacobian = functional.jacobian(f, x)
    words = f"given x of shape {inputs} and f(x) of shape {outputs}"
    with situation(words), count_elements() as yours:
        result = forward_mode.cheapest_jacobian(f, x)

    check(result, jacobian, what=f"J, {words}")
    least = min(by_columns.made, by_rows.made)
    costs = (
        f"forward mode makes {by_columns.made:,} elements, reverse mode {by_rows.made:,}, "
        f"and yours {yours.made:,}"
    )
    assert yours.made <= 3 * least, (
        f"{words}, {costs}: take the mode with fewer passes, one for each element of x or one for "
        "each element of f(x)"
    )


def test_cheapest_jacobian_lets_an_error_of_f_through(device):
    demand_that_errors_come_through(forward_mode.cheapest_jacobian, device)
