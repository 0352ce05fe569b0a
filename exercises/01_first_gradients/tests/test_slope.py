import first_gradients
import pytest
import torch

from gradkata.checks import IdentityWithoutBackward, SquareWithSlope7, check, situation

from .shared import (
    MADE_FINITE,
    an_error_of_f_comes_through,
    ctrl_c_comes_through,
    made_finite,
    stopped,
)

pytestmark = pytest.mark.task("slope")


@pytest.mark.parametrize(
    ("name", "f", "x", "expected"),
    [
        pytest.param("x³ at 2", lambda x: x**3, 2.0, 12.0, id="cube"),
        pytest.param("eˣ at 0", lambda x: x.exp(), 0.0, 1.0, id="exp"),
        pytest.param("1/x at -0.5", lambda x: 1 / x, -0.5, -4.0, id="reciprocal"),
        pytest.param("x·log x - x at 1", lambda x: x * x.log() - x, 1.0, 0.0, id="level"),
    ],
)
def test_slope_is_the_derivative(name, f, x, expected, device):
    result = first_gradients.slope(f, x)

    check(
        result,
        expected,
        what=name,
        mistakes={"the value f(x) is returned": lambda: f(torch.tensor(x)).item()},
        atol=1e-12,
    )


def test_slope_takes_an_integer(device):
    with situation("given the int 3 for x"):
        result = first_gradients.slope(lambda x: 1e6 * x**2, 3)

    check(result, 6e6, what="1,000,000 · x² at the int 3")


def test_slope_gives_f_a_0_d_tensor(device):
    seen = []

    first_gradients.slope(lambda x: seen.append(x.shape) or x.sin(), 0.5)

    assert all(shape == () for shape in seen), (
        f"f is called with a tensor of shape {tuple(seen[0])}, a 0-d tensor is due: shape ()"
    )


def test_slope_is_computed_in_float64(device):
    result = first_gradients.slope(lambda x: 1e-20 * (x**3 + 4 * x), 0.1)

    check(result, 4.03e-20, what="1e-20 · (x³ + 4x) at 0.1", rtol=1e-12, atol=0)


def test_slope_is_the_one_that_backward_gives(device):
    result = first_gradients.slope(SquareWithSlope7.apply, 3.0)

    check(
        result,
        7.0,
        what="a square whose own backward says 7, at 3",
        mistakes={
            "f is measured, at two nearby points or at a complex one, and autograd is not "
            "asked": 6.0
        },
        rtol=1e-3,
    )


def test_slope_lets_an_error_of_f_through(device):
    with an_error_of_f_comes_through():
        first_gradients.slope(lambda x: 3 * IdentityWithoutBackward.apply(x), 0.5)

    with ctrl_c_comes_through():
        first_gradients.slope(stopped, 0.5)


@pytest.mark.parametrize(
    ("name", "f", "x", "expected"),
    [
        pytest.param("√x at 0", torch.sqrt, 0.0, torch.inf, id="upright"),
        pytest.param("cos x at NaN", torch.cos, torch.nan, torch.nan, id="NaN"),
    ],
)
def test_slope_may_be_infinite_or_nan(name, f, x, expected, device):
    result = first_gradients.slope(f, x)

    check(result, expected, what=name, mistakes={MADE_FINITE: lambda: made_finite(expected)})
