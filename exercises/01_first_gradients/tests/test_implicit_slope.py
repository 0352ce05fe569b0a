import first_gradients
import pytest
import torch

from gradkata.checks import IdentityWithoutBackward, check, raises, situation

from .shared import (
    MADE_FINITE,
    an_error_of_f_comes_through,
    ctrl_c_comes_through,
    made_finite,
    stopped,
)

pytestmark = pytest.mark.task("implicit_slope")


def circle(x, y):
    return x**2 + y**2 - 25


def ellipse(x, y):
    return x**2 / 4 + y**2 - 1


def folium(x, y):
    return x**3 + y**3 - 6 * x * y


def corner(x, y):
    return y - (x**2) ** 0.5


def root(x, y):
    return y - x**0.5


def steep(x, y):
    return 1e4 * y - 1e9 * x


def slope_of_swapped(curve, x, y):
    """Return the slope that comes of F(y, x) in place of F(x, y)."""
    at = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (y, x)]
    first, second = torch.autograd.grad(curve(*at), at)
    return -(first / second).item()


@pytest.mark.parametrize(
    ("curve", "x", "y", "expected"),
    [
        pytest.param(ellipse, 1.0, 0.75**0.5, -1 / (4 * 0.75**0.5), id="ellipse"),
        pytest.param(circle, -4, 3, 4 / 3, id="circle at two ints"),
        pytest.param(folium, 4 / 3, 8 / 3, 0.8, id="folium"),
        pytest.param(steep, 1.0, 1e5, 1e5, id="steep"),
    ],
)
def test_implicit_slope_is_that_of_the_curve(curve, x, y, expected, device):
    place = f"the {curve.__name__} at ({x:.4g}, {y:.4g})"
    with situation(f"given {place}, where x is a Python {type(x).__name__}"):
        result = first_gradients.implicit_slope(curve, x, y)

    check(
        result,
        expected,
        what=place,
        mistakes={
            "the sign is lost: ∂F/∂x · dx + ∂F/∂y · dy = 0 has both on one side": -expected,
            "the ratio is upside down: this is dx/dy": 1 / expected,
            "the ratio is upside down, and the sign is lost": -1 / expected,
            "F is called with y first: x comes first": slope_of_swapped(curve, x, y),
        },
        rtol=1e-12,
        atol=0,
    )


@pytest.mark.parametrize(
    ("curve", "x", "y"),
    [(circle, 5.0, 0.0), (folium, 0.0, 0.0)],
    ids=["circle", "folium"],
)
def test_implicit_slope_has_none_where_the_curve_is_upright(curve, x, y, device):
    place = f"the {curve.__name__} at ({x:g}, {y:g})"
    when = f"∂F/∂y is 0, as on {place}; dividing floats raises it (dividing tensors gives inf)"

    with raises(ZeroDivisionError, when=when):
        first_gradients.implicit_slope(curve, x, y)


def test_implicit_slope_has_none_where_F_ignores_y(device):
    four = torch.tensor(4.0, dtype=torch.float64, requires_grad=True)
    when = "F ignores y, so that ∂F/∂y is 0, and None is autograd's word for that"

    with raises(ZeroDivisionError, when=when):
        first_gradients.implicit_slope(lambda x, y: x**2 - four, 2.0, 1.0)


def test_implicit_slope_is_0_where_F_ignores_x(device):
    four = torch.tensor(4.0, dtype=torch.float64, requires_grad=True)

    with situation("given an F that ignores x, and whose constant records"):
        result = first_gradients.implicit_slope(lambda x, y: y**2 - four, 1.0, 2.0)

    check(result, 0.0, what="y² - 4 at (1, 2)")


def test_implicit_slope_has_none_where_both_derivatives_are_0(device):
    with raises(ZeroDivisionError, when="∂F/∂y is 0, as for F = y² at y = 0, which ignores x"):
        first_gradients.implicit_slope(lambda x, y: y**2, 1.0, 0.0)


def test_implicit_slope_takes_no_small_number_for_0(device):
    with situation("given F = 1e-300 · (y - 2x), whose slope is 2"):
        result = first_gradients.implicit_slope(lambda x, y: 1e-300 * (y - 2 * x), 1.0, 2.0)

    check(result, 2.0, what="F = 1e-300 · (y - 2x)")


def test_implicit_slope_lets_an_error_of_F_through(device):
    with an_error_of_f_comes_through():
        first_gradients.implicit_slope(
            lambda x, y: x * IdentityWithoutBackward.apply(y) - 2, 1.0, 2.0
        )

    with ctrl_c_comes_through():
        first_gradients.implicit_slope(stopped, 1.0, 2.0)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [(root, torch.inf), (corner, torch.nan)],
    ids=["root", "corner"],
)
def test_implicit_slope_may_be_infinite_or_nan(curve, expected, device):
    with situation(f"given the {curve.__name__} at (0, 0), where ∂F/∂y is 1"):
        result = first_gradients.implicit_slope(curve, 0.0, 0.0)

    check(
        result,
        expected,
        what=f"the {curve.__name__} at (0, 0)",
        mistakes={MADE_FINITE: lambda: made_finite(expected)},
    )
