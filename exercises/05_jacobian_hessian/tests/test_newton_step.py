import jacobian_hessian
import pytest
import torch
from torch.autograd import functional

from gradkata.checks import (
    a_leaf,
    any_layout,
    check,
    inside_no_grad,
    raises,
    sample,
    situation,
    turned,
    unchanged,
)

from .shared import (
    CLOSED_OVER,
    a_weight,
    an_error_comes_through,
    any_failure,
    applied,
    bumpy,
    computed,
    demand_shape_of,
    made_finite,
)

pytestmark = pytest.mark.task("newton_step")


def with_eigenvalues(values, device):
    """Return a symmetric matrix that has these eigenvalues."""
    turn, _ = torch.linalg.qr(sample((len(values), len(values)), device=device))
    return (turn * torch.as_tensor(values, dtype=turn.dtype, device=device)) @ turn.T


def quadratic(matrix, stationary):
    """Return f with this Hessian, whose gradient is 0 at one point."""

    def f(t):
        demand_shape_of(stationary, t)
        off = (t - stationary).reshape(-1)
        return off @ matrix @ off / 2

    return f


def newton_mistakes(x, gradient, step):
    """Return what known mistakes give instead of x − step."""
    return {
        "the step is added to x: subtract it": x + step,
        "the gradient itself is taken for the step: solve H s = g for it": x - gradient,
        "the step is returned: subtract it from x": step,
        "the step is returned with its sign flipped: add x": -step,
    }


@any_layout
def test_newton_step_lands_on_the_minimum_of_a_quadratic(layout, device):
    x = sample(**layout, device=device)
    minimum = sample(x.shape, device=device, low=-1e4, high=1e4)
    matrix = with_eigenvalues([1 + i / 2 for i in range(x.numel())], device)
    gradient = applied(matrix, x - minimum, to=x.shape)

    given = f"given x of shape {tuple(x.shape)}"
    with situation(given), unchanged(x):
        result = jacobian_hessian.newton_step(quadratic(matrix, minimum), x)

    check(
        result,
        minimum,
        what=f"a step on a quadratic with a minimum, {given}",
        mistakes=newton_mistakes(x, gradient, x - minimum),
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        pytest.param("a saddle, where H has eigenvalues of both signs", [2, -1, 3], id="saddle"),
        pytest.param("a maximum, where all eigenvalues of H are negative", [-2, -1, -3], id="max"),
    ],
)
def test_newton_step_lands_on_a_saddle_and_on_a_maximum_too(name, values, device):
    x, stationary = sample((3,), device=device), sample((3,), device=device)
    matrix = with_eigenvalues(values, device)

    with situation(f"on a quadratic with {name}"):
        result = jacobian_hessian.newton_step(quadratic(matrix, stationary), x)

    check(
        result,
        stationary,
        what=f"a step on a quadratic with {name}",
        mistakes=newton_mistakes(x, matrix @ (x - stationary), x - stationary),
    )


def test_newton_step_uses_gradient_and_hessian_at_x(device):
    x = sample((3, 2), device=device)
    bumps = bumpy(x)

    def f(t):
        return bumps(t) + 2 * turned(t).contiguous().square().sum()

    gradient, matrix = functional.jacobian(f, x), functional.hessian(f, x).reshape(6, 6)
    step = torch.linalg.solve(matrix, gradient.reshape(-1)).reshape(3, 2)
    by_diagonal = x - gradient / matrix.diagonal().reshape(3, 2)

    result = jacobian_hessian.newton_step(f, x)

    check(
        result,
        x - step,
        what="a step on a function that is not quadratic",
        mistakes=newton_mistakes(x, gradient, step)
        | {"only the diagonal of H counts": by_diagonal},
    )


def test_newton_step_keeps_float32(device):
    x = sample((4,), device=device, dtype=torch.float32)

    result = jacobian_hessian.newton_step(lambda t: t.pow(4).sum(), x)

    check(result, x * 2 / 3, what="a step on Σ x⁴ in float32")


def test_newton_step_solves_to_the_last_digits_close_to_a_singular_hessian(device):
    matrix = with_eigenvalues([10.0**-i for i in range(0, 11, 2)], device)
    x = sample((6,), device=device)

    step = x - jacobian_hessian.newton_step(quadratic(matrix, torch.zeros_like(x)), x)

    residual = torch.linalg.norm(matrix @ step - matrix @ x)
    bound = torch.linalg.matrix_norm(matrix, 2) * torch.linalg.norm(step)
    assert residual <= 1e-12 * bound, (
        f"H has eigenvalues from 1 to 1e-10, and ‖H s - g‖ / (‖H‖ ‖s‖) is {residual / bound:.1g} "
        "for s = x - result; 1e-12 is allowed: compute g and H by autograd and solve H s = g, by "
        "torch.linalg.solve; an inverse that is multiplied with g loses these digits"
    )


@pytest.mark.parametrize(
    ("when", "f", "shape"),
    [
        # Of equal whole numbers: rounding cannot hide that it is singular.
        pytest.param(
            "H is singular, as that of (Σx)² is", lambda t: t.sum() ** 2, (3,), id="rank 1"
        ),
        pytest.param("f is linear, so that H is 0", lambda t: 3 * t.sum(), (), id="linear"),
        pytest.param("f ignores x, so that H is 0", lambda t: t.new_ones(()), (3,), id="constant"),
    ],
)
def test_newton_step_raises_where_the_hessian_is_singular(when, f, shape, device):
    x = sample(shape, device=device)

    with raises(
        torch.linalg.LinAlgError,
        name="torch.linalg.LinAlgError",
        when=when,
        advice="torch.linalg.solve raises it by itself",
    ):
        jacobian_hessian.newton_step(f, x)


def test_newton_step_goes_by_the_pivots_and_not_by_the_determinant(device):
    x = sample((3,), device=device)

    with situation("where H is 1e-120 times the identity, whose determinant is rounded to 0"):
        result = jacobian_hessian.newton_step(lambda t: 5e-121 * t.square().sum(), x)

    check(result, torch.zeros_like(x), what="a step on 5e-121 · Σx²")


@pytest.mark.parametrize("slope", [torch.inf, torch.nan], ids=str)
def test_newton_step_may_be_infinite_or_nan(slope, device):
    x = sample((), device=device)

    result = jacobian_hessian.newton_step(lambda t: slope * t + t.square(), x)

    due = torch.full_like(x, -slope)
    what = f"a step on a parabola whose slope is {slope}"
    check(result, due, what=what, mistakes=made_finite(due))


def test_newton_step_leaves_tensors_that_record_as_they_were(device):
    x = a_leaf((4,), device)

    with a_weight((), device, low=1.0) as weight, unchanged(x):
        result = jacobian_hessian.newton_step(lambda t: (weight * t.pow(4)).sum(), x)

    check(result, x.detach() * 2 / 3, what="a step on Σ weight · x⁴, where x and weight record")


def test_newton_step_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((4,), device) as x:
        result = jacobian_hessian.newton_step(lambda t: (t.pow(4) * x).sum(), x)

    at = x.detach()
    check(
        result,
        at * 2 / 3,
        what="a step on f(t) = Σ t⁴·x",
        mistakes={CLOSED_OVER: at * 3 / 4},
    )


def test_newton_step_works_inside_no_grad(device):
    x = sample((4,), device=device)

    with inside_no_grad():
        result = jacobian_hessian.newton_step(lambda t: t.pow(4).sum(), x)

    check(result, x * 2 / 3, what="a step on Σ x⁴, called inside torch.no_grad()")


@any_failure
def test_newton_step_lets_an_error_of_f_through_and_recording_stays_off(failing, when, device):
    x = sample((3,), device=device)

    with an_error_comes_through(when):
        jacobian_hessian.newton_step(lambda t: failing(t).sum(), x)
