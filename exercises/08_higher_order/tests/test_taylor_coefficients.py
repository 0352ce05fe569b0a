import math

import higher_order
import pytest
import torch

from gradkata.checks import check, situation, stale_memory, unchanged

from .shared import (
    any_error,
    demand_released,
    model_of,
    sine_with_grad_mode_on,
    the_error_gets_through,
    watched,
)

pytestmark = pytest.mark.task("taylor_coefficients")


@pytest.mark.parametrize(
    ("name", "f", "x0", "derivatives"),
    [
        pytest.param(
            "exp(x) - x³/6 around 0",
            lambda x: x.exp() - x**3 / 6,
            0.0,
            [1.0, 1.0, 1.0, 0.0, 1.0],
            id="0 on the way",
        ),
        pytest.param(
            "log1p around 0", torch.log1p, 0.0, [0.0, 1.0, -1.0, 2.0, -6.0], id="log1p at 0"
        ),
        pytest.param(
            "sin around 0.3",
            torch.sin,
            0.3,
            [math.sin(0.3 + k * math.pi / 2) for k in range(7)],
            id="sin at 0.3",
        ),
        pytest.param(
            "exp(20x) around 1/3",
            lambda x: torch.exp(20 * x),
            1 / 3,
            [20**k * math.exp(20 / 3) for k in range(23)],
            id="exp(20x) at 1/3",
        ),
    ],
)
def test_taylor_coefficients_are_derivatives_over_factorials(name, f, x0, derivatives, device):
    order = len(derivatives) - 1

    result = higher_order.taylor_coefficients(f, x0, order)

    check(
        result,
        [d / math.factorial(k) for k, d in enumerate(derivatives)],
        what=f"{name}, order {order}",
        mistakes={
            "the derivatives are not divided by k!": derivatives,
            "derivative k is divided by k: k! is due": [
                d / max(k, 1) for k, d in enumerate(derivatives)
            ],
            "it stops at a derivative that is 0 here, as if all that follow were": lambda: [
                d / math.factorial(k) if all(derivatives[1 : k + 1]) else 0.0
                for k, d in enumerate(derivatives)
            ],
            "factorials are integers of 64 bits, in which 21! has no place": lambda: [
                d / ((math.factorial(k) + 2**63) % 2**64 - 2**63) for k, d in enumerate(derivatives)
            ],
            "derivative k is divided by (k + 1)!": [
                d / math.factorial(k + 1) for k, d in enumerate(derivatives)
            ],
            "the first derivative has no graph and is taken for a constant: ask for it with "
            "create_graph=True": derivatives[:2] + [0.0] * (order - 1),
            "the highest order comes first": lambda: [
                d / math.factorial(k) for k, d in enumerate(derivatives)
            ][::-1],
        },
    )


def test_taylor_coefficients_of_order_0_are_the_value_alone(device):
    result = higher_order.taylor_coefficients(sine_with_grad_mode_on, 0.5, 0)

    check(result, [math.sin(0.5)], what="sin around 0.5, order 0")


@pytest.mark.parametrize(
    ("name", "f", "expected"),
    [
        ("x²", lambda x: x * x, [4.0, 4.0, 1.0, 0.0, 0.0]),
        ("3x - 1", lambda x: 3 * x - 1, [5.0, 3.0, 0.0, 0.0]),
        ("x, which f returns as it is", lambda x: x, [2.0, 1.0, 0.0]),
    ],
    ids=["x²", "3x - 1", "x"],
)
def test_taylor_coefficients_of_a_polynomial_end_in_zeros(name, f, expected, device):
    order = len(expected) - 1

    with stale_memory(), situation(f"for {name}, whose derivative {order} is 0"):
        result = higher_order.taylor_coefficients(f, 2.0, order)

    check(
        result,
        expected,
        what=f"{name} around 2, order {order}",
        mistakes={
            "what torch.empty makes is not 0 but what its memory held, here NaN": [
                c or math.nan for c in expected
            ]
        },
    )
    others = [c for c in result if not isinstance(c, float)]
    assert not others, (
        f"among the coefficients of {name}, {others[0]!r} is of the type "
        f"{type(others[0]).__name__}: Python floats are due, beyond the degree too"
    )


def test_taylor_coefficients_run_out_also_where_a_parameter_keeps_the_graph_alive(device):
    model = model_of(3.0, "cpu")

    with (
        unchanged(model),
        situation("for w·x, whose first derivative w has a graph, and x is not in it"),
    ):
        result = higher_order.taylor_coefficients(lambda x: model["w"] * x, 2.0, 2)

    check(result, [6.0, 3.0, 0.0], what="w·x around 2, w a parameter")


def test_taylor_coefficients_take_an_integer(device):
    with situation("given the int 2 for x0"):
        result = higher_order.taylor_coefficients(torch.reciprocal, 2, 3)

    check(result, [1 / 2, -1 / 4, 1 / 8, -1 / 16], what="1/x around the int 2")


@pytest.mark.parametrize(
    ("name", "f", "x0", "expected"),
    [
        ("log x around 0", torch.log, 0.0, [-math.inf, math.inf]),
        ("cos x around NaN", torch.cos, math.nan, [math.nan, math.nan]),
    ],
    ids=["infinite", "NaN"],
)
def test_taylor_coefficients_may_be_infinite_or_nan(name, f, x0, expected, device):
    result = higher_order.taylor_coefficients(f, x0, 1)

    finite = torch.tensor(expected, dtype=torch.float64).nan_to_num().tolist()
    mistakes = {"NaN becomes a number, or infinity does: let them through": finite}
    check(result, expected, what=f"{name}, order 1", mistakes=mistakes)


def test_taylor_coefficients_leave_no_graph_behind(device):
    f, seen = watched(torch.exp)

    higher_order.taylor_coefficients(f, 0.5, 3)

    demand_released(seen)


@any_error
def test_taylor_coefficients_let_an_error_of_f_through(broken, error, prepared, device):
    with the_error_gets_through(error):
        higher_order.taylor_coefficients(broken, 0.5, 2)
