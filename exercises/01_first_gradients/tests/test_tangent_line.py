import math

import first_gradients
import pytest
import torch

from gradkata.checks import IdentityWithoutBackward, SquareWithSlope7, check, situation

from .shared import (
    MADE_FINITE,
    an_error_of_f_comes_through,
    ctrl_c_comes_through,
    made_finite,
    sine_where_recording_is_on,
    stopped,
)

pytestmark = pytest.mark.task("tangent_line")


@pytest.mark.parametrize(
    ("name", "f", "x0", "rise", "intercept"),
    [
        pytest.param("x³ + 5 at 200", lambda x: x**3 + 5, 200.0, 1.2e5, -1.6e7 + 5, id="cube"),
        pytest.param("1/x at -0.5", lambda x: 1 / x, -0.5, -4.0, -4.0, id="reciprocal"),
        pytest.param("x³ - 5x at 0.1", lambda x: x**3 - 5 * x, 0.1, -4.97, -0.002, id="cubic"),
        pytest.param("eˣ + 2x at the int 0", lambda x: x.exp() + 2 * x, 0, 3.0, 1.0, id="int"),
    ],
)
def test_tangent_line_has_the_slope_and_meets_f_at_x0(name, f, x0, rise, intercept, device):
    with situation(f"given {name}"):
        line = first_gradients.tangent_line(f, x0)

    height = rise * x0 + intercept
    check(
        line,
        (rise, intercept),
        what=f"the tangent of {name}",
        mistakes={
            "the intercept is taken as f(x0), the height at x0: it is the height at 0, and the "
            "line rises by slope · x0 in between": (rise, height),
            "f(0) is taken for the intercept: it is the height of the line at 0": (
                rise,
                f(torch.tensor(0.0, dtype=torch.float64)).item(),
            ),
            "slope and intercept are swapped": (intercept, rise),
            "slope · x0 is added to f(x0): go back from x0 to 0": (rise, height + rise * x0),
            "the sign of the intercept is flipped": (rise, -intercept),
        },
        rtol=1e-12,
        atol=1e-15,
    )


def test_tangent_line_has_the_slope_that_backward_gives(device):
    line = first_gradients.tangent_line(SquareWithSlope7.apply, 3.0)

    check(
        line,
        (7.0, -12.0),
        what="the tangent of a square whose own backward says 7, at 3",
        mistakes={
            "f is measured, at two nearby points or at a complex one, and autograd is not asked": (
                6.0,
                -9.0,
            )
        },
        rtol=1e-3,
    )


def test_tangent_line_lets_an_error_of_f_through(device):
    with an_error_of_f_comes_through():
        first_gradients.tangent_line(lambda x: 3 * IdentityWithoutBackward.apply(x), 0.5)

    with ctrl_c_comes_through():
        first_gradients.tangent_line(stopped, 0.5)


def test_tangent_line_may_be_level_and_leaves_recording_on_where_f_runs(device):
    with situation("given sin x - x + 3 at 0, where the slope is 0"):
        line = first_gradients.tangent_line(lambda x: sine_where_recording_is_on(x) - x + 3, 0.0)

    check(line, (0.0, 3.0), what="the tangent of sin x - x + 3 at 0")


@pytest.mark.parametrize(
    ("name", "f", "x0", "expected"),
    [
        pytest.param("1/x at 1e-200", lambda x: 1 / x, 1e-200, (-math.inf, math.inf), id="upright"),
        pytest.param("cos x at NaN", lambda x: x.cos(), math.nan, (math.nan, math.nan), id="NaN"),
    ],
)
def test_tangent_line_may_be_infinite_or_nan(name, f, x0, expected, device):
    line = first_gradients.tangent_line(f, x0)

    check(
        line,
        expected,
        what=f"the tangent of {name}",
        mistakes={MADE_FINITE: lambda: tuple(map(made_finite, expected))},
    )
