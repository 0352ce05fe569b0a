import math

import higher_order
import pytest
import torch

from gradkata.checks import any_layout, check, sample, situation, stale_memory, unchanged

from .shared import (
    any_error,
    demand_released,
    made_finite,
    model_of,
    scalar,
    sine_with_grad_mode_on,
    the_error_gets_through,
    values,
    watched,
    with_gradient,
)

pytestmark = pytest.mark.task("nth_derivative")


DERIVATIVES = {
    "x³": [lambda x: x**3, lambda x: 3 * x**2, lambda x: 6 * x, lambda x: 0 * x + 6],
    "sin x": 2 * [torch.sin, torch.cos, lambda x: -x.sin(), lambda x: -x.cos()],
    "1/x": [
        lambda x: 1 / x,
        lambda x: -(x**-2),
        lambda x: 2 * x**-3,
        lambda x: -6 * x**-4,
        lambda x: 24 * x**-5,
    ],
}


@pytest.mark.parametrize(("name", "n"), [("x³", 1), ("x³", 2), ("1/x", 3), ("sin x", 6)], ids=str)
def test_nth_derivative_has_torchs_values(name, n, device):
    x = sample((4, 3), device=device, low=0.5)
    orders = DERIVATIVES[name]

    with unchanged(x):
        result = higher_order.nth_derivative(orders[0], x, n)

    check(
        result,
        orders[n](x),
        what=f"derivative {n} of {name}",
        mistakes={
            # Each walk differentiates all that the walks before it have left in .grad.
            "the gradients of all walks add up in .grad": lambda: sum(
                math.comb(n - 1, k - 1) * orders[k](x) for k in range(1, n + 1)
            ),
            "one order is left out": lambda: orders[n - 1](x),
            "one order too many is taken": lambda: orders[n + 1](x),
            "no derivative beyond the fourth is taken": lambda: orders[min(n, 4)](x),
            "a tensor without a graph is taken for a constant, whose derivative is 0: let x "
            "require grad, and ask with create_graph=True": torch.zeros_like(x),
        },
    )


@any_layout
def test_nth_derivative_takes_any_shape(layout, device):
    x = sample(**layout, device=device)

    result = higher_order.nth_derivative(torch.sin, x, 2)

    check(result, -torch.sin(x), what="derivative 2 of sin x")


def test_nth_derivative_0_is_f_itself(device):
    x = sample((4, 3), device=device)

    result = higher_order.nth_derivative(sine_with_grad_mode_on, x, 0)

    mistakes = {"f is differentiated all the same": torch.cos(x)}
    check(result, torch.sin(x), what="derivative 0 of sin x", mistakes=mistakes)


@pytest.mark.parametrize(
    ("name", "f", "n", "due"),
    [
        ("x, which f returns as it is", lambda x: x, 1, 1.0),
        ("3x - 1", lambda x: 3 * x - 1, 2, 0.0),
        ("x²", lambda x: x * x, 4, 0.0),
        ("the constant 5", lambda x: torch.full_like(x, 5), 1, 0.0),
        ("the constant 5", lambda x: torch.full_like(x, 5), 0, 5.0),
    ],
    ids=["first of x", "second of 3x - 1", "fourth of x²", "first of 5", "5 itself"],
)
def test_nth_derivative_knows_functions_that_run_out(name, f, n, due, device):
    x = sample((4, 3), device=device)

    with stale_memory(), situation(f"derivative {n} of {name}, which is {due:g} everywhere"):
        result = higher_order.nth_derivative(f, x, n)

    check(
        result,
        torch.full_like(x, due),
        what=f"derivative {n} of {name}",
        mistakes={
            "0 comes one order too early: what has no graph is right, and its own derivative is "
            "0; and x itself, a leaf, has a graph and no grad_fn": torch.zeros_like(x)
        },
    )


def test_nth_derivative_runs_out_also_where_a_parameter_keeps_the_graph_alive(device):
    x, w = sample((4, 3), device=device), scalar(3.0, device)

    with situation("derivative 2 of w·x, whose first derivative w has a graph, and x is not in it"):
        result = higher_order.nth_derivative(lambda x: w * x, x, 2)

    check(result, torch.zeros_like(x), what="derivative 2 of w·x, w a parameter")


def test_nth_derivative_keeps_float32_and_goes_on_where_a_derivative_is_0(device):
    x = torch.zeros(4, 3, device=device)

    check(
        higher_order.nth_derivative(torch.sin, x, 3),
        torch.full_like(x, -1),
        what="derivative 3 of sin x at 0, in float32",
        mistakes={"it stops where a derivative is 0 everywhere": torch.zeros_like(x)},
    )


def test_nth_derivative_at_nan_is_nan_and_may_be_infinite_or_large(device):
    x = torch.tensor([math.nan, 0, 1e-20], dtype=torch.float64, device=device)

    result = higher_order.nth_derivative(lambda x: x**1.5, x, 2)

    due = 0.75 * x**-0.5
    what = "derivative 2 of x√x at NaN, 0 and 1e-20"
    check(result, due, what=what, mistakes=made_finite(due))


@pytest.mark.parametrize("n", [0, 2])
def test_nth_derivative_leaves_no_gradient_and_no_graph(n, device):
    x, model = with_gradient(sample((4, 3), device=device)), model_of(3.0, device)

    with unchanged(x), unchanged(model):
        result = higher_order.nth_derivative(lambda x: model["w"] * torch.sin(x), x, n)

    expected = {0: 3, 2: -3}[n] * torch.sin(x.detach())
    check(result, expected, what=f"derivative {n} of w·sin x, w a parameter")


def test_nth_derivative_counts_the_argument_of_f_alone(device):
    x = scalar(3.0, device)

    result = higher_order.nth_derivative(lambda t: t * x, x, 1)

    check(
        result,
        torch.full_like(values(x), 3.0),
        what="derivative 1 of f(t) = t·x at t = x = 3, where f uses x itself too",
        mistakes={
            "f is called with the caller's own x, and its other use of that tensor counts too: "
            "let a detached x require grad": torch.full_like(values(x), 6.0)
        },
    )


def test_nth_derivative_frees_its_graphs(device):
    x = sample((4, 3), device=device)
    f, seen = watched(torch.exp)

    higher_order.nth_derivative(f, x, 3)

    demand_released(seen, x)


@any_error
def test_nth_derivative_lets_an_error_of_f_through(broken, error, prepared, device):
    x = prepared(sample((4, 3), device=device))

    with unchanged(x), the_error_gets_through(error):
        higher_order.nth_derivative(broken, x, 2)
