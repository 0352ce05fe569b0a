"""Gradients are compared with formulas worked out by hand, and what is left behind is looked at."""

import first_gradients
import pytest
import torch
from torch.autograd import Function

from gradkata.checks import check, inside_no_grad, raises, sample, situation, unchanged

any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)

without_func = pytest.mark.forbid("torch.func", reason="ask torch.autograd.grad")


class SquareWithSlope7(Function):
    """x², whose own backward and jvp say that its slope is 7 everywhere."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad_output):
        return 7 * grad_output

    @staticmethod
    def jvp(ctx, x_tangent):
        return 7 * x_tangent


# tracked


@pytest.mark.task("tracked")
def test_tracked_is_a_float64_vector_that_records(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    assert getattr(t, "requires_grad", True), (
        "requires_grad is False, so that nothing computed from the tensor is recorded: set it"
    )
    check(t, torch.tensor([1.5, -2.0, 0.25], dtype=torch.float64, requires_grad=True))


@pytest.mark.task("tracked")
def test_tracked_is_a_leaf(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    assert t.is_leaf, (
        f"the tensor is no leaf: {t.grad_fn.name()} made it from another tensor, the leaf, and "
        "backward leaves the gradient there: give torch.tensor the dtype and requires_grad at once"
    )


@pytest.mark.task("tracked")
def test_tracked_has_no_gradient_yet(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    assert t.grad is None, f".grad is {t.grad.tolist()} before any backward: it must be None"


@pytest.mark.task("tracked")
def test_tracked_keeps_each_value_exactly(device):
    t = first_gradients.tracked([0.1, 1 / 3, 1e300])

    check(
        t,
        torch.tensor([0.1, 1 / 3, 1e300], dtype=torch.float64, requires_grad=True),
        mistakes={
            "the values pass through float32, the default of torch.tensor, which keeps seven "
            "digits": lambda: torch.tensor([0.1, 1 / 3, 1e300]).double()
        },
        rtol=0,
        atol=0,
    )


@pytest.mark.task("tracked")
@pytest.mark.parametrize("values", [[3, -1, 2], [2.5, 3], (4, 5), [7]], ids=str)
def test_tracked_takes_integers_and_tuples(values, device):
    with situation(f"given {values}"):
        t = first_gradients.tracked(values)

    expected = torch.tensor(list(map(float, values)), dtype=torch.float64, requires_grad=True)
    check(t, expected, what=f"given {values}")


@pytest.mark.task("tracked")
def test_tracked_is_where_backward_leaves_the_gradient(device):
    t = first_gradients.tracked([1.5, -2.0, 0.25])

    (t * t).sum().backward()

    check(t.grad, torch.tensor([3.0, -4.0, 0.5], dtype=torch.float64), what=".grad of Σt²")


# slope


@pytest.mark.task("slope")
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


@pytest.mark.task("slope")
def test_slope_takes_an_integer(device):
    with situation("given the int 3 for x"):
        result = first_gradients.slope(lambda x: x**2, 3)

    check(result, 6.0, what="x² at the int 3")


@pytest.mark.task("slope")
def test_slope_gives_f_a_0_d_tensor(device):
    seen = []

    first_gradients.slope(lambda x: seen.append(x.shape) or x.sin(), 0.5)

    assert all(shape == () for shape in seen), (
        f"f is called with a tensor of shape {tuple(seen[0])}, a 0-d tensor is due: shape ()"
    )


@pytest.mark.task("slope")
def test_slope_is_computed_in_float64(device):
    result = first_gradients.slope(lambda x: x**3 + 4 * x, 0.1)

    check(result, 4.03, what="x³ + 4x at 0.1", rtol=1e-12, atol=0)


@pytest.mark.task("slope")
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


# tangent_line


@pytest.mark.task("tangent_line")
@pytest.mark.parametrize(
    ("name", "f", "x0", "rise", "intercept"),
    [
        pytest.param("x² at 3", lambda x: x**2, 3.0, 6.0, -9.0, id="square"),
        pytest.param("1/x at -0.5", lambda x: 1 / x, -0.5, -4.0, -4.0, id="reciprocal"),
        pytest.param("x³ - 5x at 0.1", lambda x: x**3 - 5 * x, 0.1, -4.97, -0.002, id="cubic"),
        pytest.param("eˣ + 2x at 0", lambda x: x.exp() + 2 * x, 0.0, 3.0, 1.0, id="exp"),
    ],
)
def test_tangent_line_has_the_slope_and_meets_f_at_x0(name, f, x0, rise, intercept, device):
    line = first_gradients.tangent_line(f, x0)

    height = rise * x0 + intercept
    check(
        line,
        (rise, intercept),
        what=f"the tangent of {name}",
        mistakes={
            "the intercept is taken as f(x0), the height at x0: it is the height at 0, and the "
            "line rises by slope · x0 in between": (rise, height),
            "slope and intercept are swapped": (intercept, rise),
            "slope · x0 is added to f(x0): go back from x0 to 0": (rise, height + rise * x0),
            "the sign of the intercept is flipped": (rise, -intercept),
        },
        rtol=1e-12,
        atol=1e-15,
    )


@pytest.mark.task("tangent_line")
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


# gradient


@pytest.mark.task("gradient")
@without_func
@any_layout
def test_gradient_is_that_of_the_formula(layout, device):
    x, weight = sample(**layout, device=device), sample(**layout, device=device)
    expected = weight * x.cos()

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = first_gradients.gradient(lambda x: (weight * x.sin()).sum(), x)

    check(result, expected, what="the gradient of Σ weight · sin x")


@pytest.mark.task("gradient")
@without_func
def test_gradient_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    expected = (2 * x).sin()

    result = first_gradients.gradient(lambda x: x.sin().square().sum(), x)

    check(result, expected, what="the gradient of Σ sin² x in float32")


@pytest.mark.task("gradient")
@without_func
def test_gradient_leaves_x_as_it_was(device):
    x = sample((4, 3), device=device)

    with unchanged(x):
        first_gradients.gradient(lambda x: x.square().sum(), x)


@pytest.mark.task("gradient")
@without_func
def test_gradient_leaves_an_x_that_records_with_its_own_grad(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    earlier = x.grad.clone()

    with unchanged(x):
        result = first_gradients.gradient(lambda x: x.square().sum(), x)

    check(
        result,
        2 * x.detach(),
        what="the gradient of Σx², where x.grad holds something from before",
        mistakes={
            "backward adds to what x.grad held before": 2 * x.detach() + earlier,
        },
    )


@pytest.mark.task("gradient")
@without_func
def test_gradient_writes_no_grad_of_another_tensor_that_f_uses(device):
    x = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    result = first_gradients.gradient(lambda x: (weight * x.square()).sum(), x)

    check(result, 2 * (weight * x).detach(), what="the gradient of Σ weight · x²")
    assert weight.grad is None, (
        "f uses a leaf, weight, and weight.grad is written: .backward() writes the .grad of every "
        "leaf; torch.autograd.grad returns the gradient by x and writes none"
    )


@pytest.mark.task("gradient")
@without_func
def test_gradient_takes_an_x_that_was_computed_itself(device):
    start = sample((4, 3), device=device, requires_grad=True)
    x = start.exp()

    with situation("given an x that was itself computed, and so is no leaf"), unchanged(x):
        result = first_gradients.gradient(lambda x: x.square().sum(), x)

    check(result, 2 * x.detach(), what="the gradient of Σx², where x = exp(start)")
    assert start.grad is None, (
        "x was computed from a leaf, start, and start.grad is written: "
        "cut x off from its past with x.detach() first"
    )


@pytest.mark.task("gradient")
@without_func
def test_gradient_works_inside_no_grad(device):
    x = sample((4, 3), device=device)

    with inside_no_grad(), unchanged(x):
        result = first_gradients.gradient(lambda x: x.square().sum(), x)

    check(result, 2 * x, what="the gradient of Σx², called inside torch.no_grad()")


@pytest.mark.task("gradient")
@without_func
def test_gradient_holds_an_x_that_f_uses_by_itself_constant(device):
    x = sample((4, 3), device=device)

    result = first_gradients.gradient(lambda t: (t * x).sum(), x)

    check(
        result,
        x,
        what="the gradient of f(t) = Σ t·x at x",
        mistakes={
            "the original x is made to record, so that the x inside f counts too": lambda: 2 * x
        },
    )


@pytest.mark.task("gradient")
@without_func
def test_gradient_is_the_one_that_backward_gives(device):
    x = sample((4, 3), device=device)

    result = first_gradients.gradient(lambda x: SquareWithSlope7.apply(x).sum(), x)

    check(
        result,
        torch.full_like(x, 7),
        what="the gradient of Σx² with a backward of its own, which says 7",
        mistakes={"f is measured at nearby points, and autograd is not asked": 2 * x},
        rtol=1e-3,
        atol=1e-3,
    )


# partials


@pytest.mark.task("partials")
@without_func
@pytest.mark.parametrize(
    ("shape_x", "shape_y"),
    [((4, 1), (4, 3)), ((4, 3), (4, 1)), ((), (3,)), ((3,), ())],
    ids=str,
)
def test_partials_are_those_of_the_formula(shape_x, shape_y, device):
    x, y = sample(shape_x, device=device), sample(shape_y, device=device)
    by_x = (x.cos() * y.exp()).sum_to_size(x.shape)
    by_y = (x.sin() * y.exp()).sum_to_size(y.shape)

    with situation(f"given x of shape {shape_x} and y of shape {shape_y}"):
        result = first_gradients.partials(lambda x, y: (x.sin() * y.exp()).sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of Σ sin x · exp y",
        mistakes={"the two are swapped: the gradient by x comes first": (by_y, by_x)},
    )


@pytest.mark.task("partials")
@without_func
def test_partials_take_strided_tensors(device):
    x = sample((4, 3), device=device, strided=True)
    y = sample((3, 4), device=device).T
    by_x, by_y = x.cos() * y, x.sin()

    result = first_gradients.partials(lambda x, y: (x.sin() * y).sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of Σ sin x · y",
        mistakes={"the two are swapped: the gradient by x comes first": (by_y, by_x)},
    )


@pytest.mark.task("partials")
@without_func
def test_partials_keep_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    y = sample((4, 1), device=device, dtype=torch.float32)
    expected = y.expand(4, 3).clone(), x.sum(1, keepdim=True)

    result = first_gradients.partials(lambda x, y: (x * y).sum(), x, y)

    check(result, expected, what="the gradients of Σ x · y in float32")


@pytest.mark.task("partials")
@without_func
def test_partials_are_zeros_for_a_second_argument_that_f_ignores(device):
    x, y = sample((4, 3), device=device), sample((4, 1), device=device)
    by_x, by_y = 2 * x, torch.zeros_like(y)

    with situation("given an f that ignores y"):
        result = first_gradients.partials(lambda x, y: x.square().sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of an f that ignores y",
        mistakes={
            "autograd's None for y, which f ignores, is passed on: zeros of y's shape are due": (
                by_x,
                None,
            )
        },
    )


@pytest.mark.task("partials")
@without_func
def test_partials_are_zeros_for_a_first_argument_that_f_ignores(device):
    x, y = sample((4, 3), device=device), sample((4, 1), device=device)
    by_x, by_y = torch.zeros_like(x), 2 * y

    with situation("given an f that ignores x"):
        result = first_gradients.partials(lambda x, y: y.square().sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of an f that ignores x",
        mistakes={
            "autograd's None for x, which f ignores, is passed on: zeros of x's shape are due": (
                None,
                by_y,
            )
        },
    )


@pytest.mark.task("partials")
@without_func
def test_partials_leave_both_as_they_were(device):
    x = sample((4, 3), device=device)
    y = sample((4, 1), device=device, requires_grad=True)
    y.grad = sample((4, 1), device=device)

    with unchanged(x, y):
        result = first_gradients.partials(lambda x, y: (x * y).sum(), x, y)

    check(
        result,
        (y.detach().expand(4, 3), x.sum(1, keepdim=True)),
        what="the gradients of Σ x · y",
    )


@pytest.mark.task("partials")
@without_func
def test_partials_write_no_grad_of_another_tensor_that_f_uses(device):
    x, y = sample((4, 3), device=device), sample((4, 1), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    result = first_gradients.partials(lambda x, y: (weight * x * y).sum(), x, y)

    by_x, by_y = (weight * y).detach(), (weight * x).sum(1, keepdim=True).detach()
    check(result, (by_x, by_y), what="the gradients of Σ weight · x · y")
    assert weight.grad is None, (
        "f uses a leaf, weight, and weight.grad is written: .backward() writes the .grad of every "
        "leaf; torch.autograd.grad returns the gradients by x and y and writes none"
    )


@pytest.mark.task("partials")
@without_func
def test_partials_take_the_same_tensor_twice(device):
    x = sample((4, 3), device=device)
    by_first, by_second = 2 * x.square(), x.square()
    both = by_first + by_second

    with situation("given one tensor as both x and y"), unchanged(x):
        result = first_gradients.partials(lambda x, y: (x.square() * y).sum(), x, x)

    check(
        result,
        (by_first, by_second),
        what="the gradients of Σ x² · y where x is y",
        mistakes={
            "x and y are one leaf, which gets the sum of both gradients: give each its own, "
            "with detach()": (both, both)
        },
    )


@pytest.mark.task("partials")
@without_func
def test_partials_do_not_follow_x_back_to_y(device):
    y = sample((4, 3), device=device, requires_grad=True)
    x = y.exp()

    with situation("given an x that was computed from y"), unchanged(x, y):
        result = first_gradients.partials(lambda x, y: (x.square() * y).sum(), x, y)

    by_x, by_y = (2 * x * y).detach(), x.square().detach()
    check(
        result,
        (by_x, by_y),
        what="the gradients of Σ x² · y where x = exp(y)",
        mistakes={
            "the gradient by y also runs through x, which was computed from y: "
            "cut both off with detach()": (by_x, by_y + by_x * x.detach())
        },
    )


# implicit_slope


def circle(x, y):
    return x**2 + y**2 - 25


def ellipse(x, y):
    return x**2 / 4 + y**2 - 1


def folium(x, y):
    return x**3 + y**3 - 6 * x * y


@pytest.mark.task("implicit_slope")
@pytest.mark.parametrize(
    ("curve", "x", "y", "expected"),
    [
        pytest.param(circle, 3.0, 4.0, -0.75, id="circle"),
        pytest.param(circle, -4.0, 3.0, 4 / 3, id="circle on the left"),
        pytest.param(ellipse, 1.0, 0.75**0.5, -1 / (4 * 0.75**0.5), id="ellipse"),
        pytest.param(folium, 4 / 3, 8 / 3, 0.8, id="folium"),
    ],
)
def test_implicit_slope_is_that_of_the_curve(curve, x, y, expected, device):
    result = first_gradients.implicit_slope(curve, x, y)

    check(
        result,
        expected,
        what=f"the {curve.__name__} at ({x:.4g}, {y:.4g})",
        mistakes={
            "the sign is lost: ∂F/∂x · dx + ∂F/∂y · dy = 0 has both on one side": -expected,
            "the ratio is upside down: this is dx/dy": 1 / expected,
            "the ratio is upside down, and the sign is lost": -1 / expected,
        },
        rtol=1e-12,
        atol=0,
    )


@pytest.mark.task("implicit_slope")
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


@pytest.mark.task("implicit_slope")
def test_implicit_slope_has_none_where_F_ignores_y(device):
    with raises(ZeroDivisionError, when="F ignores y, so that ∂F/∂y is 0"):
        first_gradients.implicit_slope(lambda x, y: x**2 - 4, 2.0, 1.0)


@pytest.mark.task("implicit_slope")
def test_implicit_slope_is_0_where_F_ignores_x(device):
    with situation("given an F that ignores x"):
        result = first_gradients.implicit_slope(lambda x, y: y**2 - 4, 1.0, 2.0)

    check(result, 0.0, what="y² - 4 at (1, 2)")


@pytest.mark.task("implicit_slope")
def test_implicit_slope_has_none_where_both_derivatives_are_0(device):
    with raises(ZeroDivisionError, when="∂F/∂y is 0, as for F = y² at y = 0, which ignores x"):
        first_gradients.implicit_slope(lambda x, y: y**2, 1.0, 0.0)


@pytest.mark.task("implicit_slope")
def test_implicit_slope_takes_no_small_number_for_0(device):
    with situation("given F = 1e-15 · (y - 2x), whose slope is 2"):
        result = first_gradients.implicit_slope(lambda x, y: 1e-15 * (y - 2 * x), 1.0, 2.0)

    check(result, 2.0, what="F = 1e-15 · (y - 2x)")


# vector_backward


def spread(x):
    """Give each element of x two elements of the result."""
    return x.sin()[..., None] * x.new_tensor([2.0, -3.0])


@pytest.mark.task("vector_backward")
@without_func
@any_layout
def test_vector_backward_weighs_each_output(layout, device):
    x, v = sample(**layout, device=device), sample((*layout["shape"], 2), device=device)
    expected, unweighted = x.cos() * (2 * v[..., 0] - 3 * v[..., 1]), -x.cos()

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = first_gradients.vector_backward(spread, x, v)

    check(
        result,
        expected,
        what="vᵀJ of (2 sin x, -3 sin x)",
        mistakes={"v is left out: f(x) is summed, every element with weight 1": unweighted},
    )


@pytest.mark.task("vector_backward")
@without_func
def test_vector_backward_takes_a_strided_v_and_a_0_d_output(device):
    x, v = sample((4, 3), device=device), sample((3, 4), device=device).T
    u = sample((), device=device)
    by_matrix_due, by_scalar_due = v * x.cos(), 2 * u * x

    by_matrix = first_gradients.vector_backward(torch.sin, x, v)
    by_scalar = first_gradients.vector_backward(lambda x: x.square().sum(), x, u)

    check(by_matrix, by_matrix_due, what="vᵀJ of sin x")
    check(by_scalar, by_scalar_due, what="vᵀJ of Σx², where v is 0-d")


@pytest.mark.task("vector_backward")
@without_func
def test_vector_backward_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    v = sample((4, 3), device=device, dtype=torch.float32)
    expected = v * x.cos()

    result = first_gradients.vector_backward(torch.sin, x, v)

    check(result, expected, what="vᵀJ of sin x in float32")


@pytest.mark.task("vector_backward")
@without_func
@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (3, 4)], ids=str)
def test_vector_backward_refuses_a_v_of_another_shape(shape, device):
    x, v = sample((4, 3), device=device), sample(shape, device=device)

    with raises(
        ValueError,
        when=f"v has shape {shape} and f(x) has shape (4, 3)",
        naming=["4, 3", str(shape)[1:-1]],
    ):
        first_gradients.vector_backward(torch.sin, x, v)


@pytest.mark.task("vector_backward")
@without_func
def test_vector_backward_leaves_x_and_v_as_they_were(device):
    x = sample((4, 3), device=device)
    v = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x, v):
        result = first_gradients.vector_backward(torch.sin, x, v)

    check(result, (v * x.cos()).detach(), what="vᵀJ of sin x, where v records too")


@pytest.mark.task("vector_backward")
@without_func
def test_vector_backward_writes_no_grad_of_another_tensor_that_f_uses(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    result = first_gradients.vector_backward(lambda x: weight * x.sin(), x, v)

    check(result, (weight * v * x.cos()).detach(), what="vᵀJ of weight · sin x")
    assert weight.grad is None, (
        "f uses a leaf, weight, and weight.grad is written: .backward() writes the .grad of every "
        "leaf; torch.autograd.grad returns the gradient by x and writes none"
    )


@pytest.mark.task("vector_backward")
@without_func
def test_vector_backward_takes_an_x_that_was_computed_itself(device):
    start = sample((4, 3), device=device, requires_grad=True)
    x, v = start.exp(), sample((4, 3), device=device)

    with situation("given an x that was itself computed, and so is no leaf"), unchanged(x, v):
        result = first_gradients.vector_backward(torch.sin, x, v)

    check(result, v * x.detach().cos(), what="vᵀJ of sin x, where x = exp(start)")
    assert start.grad is None, (
        "x was computed from a leaf, start, and start.grad is written: "
        "cut x off from its past with x.detach() first"
    )


# rotation


def turn(angle):
    cos, sin = angle.cos(), angle.sin()
    return torch.stack((torch.stack((cos, -sin)), torch.stack((sin, cos))))


@pytest.mark.task("rotation")
def test_rotation_is_the_matrix_that_turns_counterclockwise(device):
    angle = sample((), device=device, low=0.2, high=1.2)

    with unchanged(angle):
        matrix = first_gradients.rotation(angle)

    check(
        matrix,
        turn(angle),
        what=f"the rotation by {angle.item():.4f}",
        mistakes={
            "the minus sign stands at the other sine: this turns clockwise": turn(-angle),
            "the angle is taken in degrees: it is in radians": turn(angle.deg2rad()),
        },
    )


@pytest.mark.task("rotation")
def test_rotation_keeps_float32(device):
    angle = sample((), device=device, dtype=torch.float32)

    check(first_gradients.rotation(angle), turn(angle), what="the rotation by a float32 angle")


@pytest.mark.task("rotation")
def test_rotation_stays_in_the_graph_of_its_angle(device):
    angle = sample((), device=device, requires_grad=True)

    with unchanged(angle):
        matrix = first_gradients.rotation(angle)

    advice = "torch.tensor(), .item() and float() copy numbers; torch.stack joins tensors"
    assert matrix.requires_grad, (
        f"the matrix is cut from the graph (requires_grad is False), though angle records: {advice}"
    )
    assert not matrix.is_leaf, (
        f"the matrix is a new leaf, and was not computed from angle by torch: {advice}"
    )


@pytest.mark.task("rotation")
def test_rotation_sends_the_gradient_to_its_angle(device):
    angle = sample((), device=device, requires_grad=True)
    cotangent = sample((2, 2), device=device)

    matrix = first_gradients.rotation(angle)
    # Not `grad_outputs`: it imports sympy, and this exercise is where a learner waits first.
    (gradient,) = torch.autograd.grad((matrix * cotangent).sum(), angle, allow_unused=True)

    by_entry = cotangent * turn(angle.detach() + torch.pi / 2)
    check(
        gradient,
        by_entry.sum(),
        what="the gradient for angle",
        mistakes={
            "the cosine is computed by torch, and the sine is a constant to it": by_entry.trace(),
            "the sine is computed by torch, and the cosine is a constant to it": (
                by_entry.sum() - by_entry.trace()
            ),
        },
    )


# det2_gradient

by_hand = pytest.mark.forbid(
    *("det", "logdet", "slogdet", "inverse", "pinverse"),
    *("torch.linalg", "torch.autograd.grad", "torch.autograd.backward"),
    "torch.autograd.functional",
    *("torch.func", "torch.Tensor.backward"),
    reason="work out the four partial derivatives by hand",
)


def determinant_gradient(a):
    leaf = a.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(leaf[0, 0] * leaf[1, 1] - leaf[0, 1] * leaf[1, 0], leaf)
    return gradient


def adjugate(a):
    (p, q), (r, s) = a
    return torch.stack([s, -q, -r, p]).reshape(2, 2)


@pytest.mark.task("det2_gradient")
@by_hand
@pytest.mark.parametrize("strided", [False, True], ids=["contiguous", "strided"])
def test_det2_gradient_is_that_of_the_determinant(strided, device):
    a = sample((2, 2), device=device, strided=strided)

    with unchanged(a):
        result = first_gradients.det2_gradient(a)

    check(
        result,
        determinant_gradient(a),
        what="the gradient of det(a)",
        mistakes={
            "the adjugate is returned: the gradient is its transpose": lambda: adjugate(a),
            "the minus signs are left out: det(a) holds -a[0, 1]·a[1, 0]": lambda: a.flip(0, 1),
        },
    )


@pytest.mark.task("det2_gradient")
@by_hand
@pytest.mark.parametrize("rows", [[[1, 3], [2, 6]], [[0, 5], [0, 0]], [[0, 0], [0, 0]]], ids=str)
def test_det2_gradient_exists_for_a_singular_matrix(rows, device):
    a = torch.tensor(rows, dtype=torch.float64, device=device)

    with situation(f"given the singular matrix {rows}"):
        result = first_gradients.det2_gradient(a)

    check(
        result,
        determinant_gradient(a),
        what=f"the gradient at the singular matrix {rows}",
        mistakes={
            "det(a) · a⁻ᵀ is computed: a singular matrix has no inverse, and 0 · inf and 0 / 0 are "
            "NaN": lambda: torch.full_like(a, torch.nan),
            "the adjugate is returned: the gradient is its transpose": lambda: adjugate(a),
        },
    )


@pytest.mark.task("det2_gradient")
@by_hand
def test_det2_gradient_keeps_float32(device):
    a = sample((2, 2), device=device, dtype=torch.float32)

    check(
        first_gradients.det2_gradient(a),
        determinant_gradient(a),
        what="the gradient of a float32 a",
    )


@pytest.mark.task("det2_gradient")
@by_hand
def test_det2_gradient_is_a_plain_number_table_even_if_a_records(device):
    a = sample((2, 2), device=device, requires_grad=True)

    with unchanged(a):
        result = first_gradients.det2_gradient(a)

    check(result, determinant_gradient(a), what="the gradient, where a records")
