"""Derivatives of derivatives are compared with formulas, of which torch differentiates at most one.

Where a formula holds a slope that was worked out by hand, one ordinary gradient is enough.
"""

import gc
import itertools
import math
import weakref

import higher_order
import pytest
import torch
from torch import Tensor, nn

from gradkata.checks import (
    DispatchMode,
    build,
    check,
    sample,
    situation,
    tracked_copies,
    unchanged,
)

any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)


# The slope of Σax is a: without a graph if a is constant, with one that lacks x if not.
constants_or_parameters = pytest.mark.parametrize(
    "tracked", [False, True], ids=["constant", "parameter"]
)
KINDS = {False: "a being a constant", True: "a being a parameter"}


def scalar(value, device):
    """Return a 0-d float64 leaf that records: a parameter of the function in the test."""
    return torch.tensor(value, dtype=torch.float64, device=device, requires_grad=True)


def with_gradient(tensor):
    """Let the tensor require grad, and hold a gradient that nobody may touch."""
    tensor.requires_grad_().grad = torch.full_like(tensor, 7)
    return tensor


def model_of(value, device):
    """Return a module of one parameter w, which holds a gradient that nobody may touch."""
    model = nn.ParameterDict({"w": nn.Parameter(scalar(value, device))})
    with_gradient(model["w"])
    return model


def values(result):
    """Return the result without its graph, where it does not matter whether there is one."""
    return result.detach() if isinstance(result, Tensor) else result


def watched(function):
    """Return the function, and a list of weak references to what it will be called with first."""
    seen = []

    def call(x, *rest):
        seen.append(weakref.ref(x))
        return function(x, *rest)

    return call, seen


def demand_released(seen, *owned):
    """Demand that the tensors are gone, all but those that belong to the test."""
    if any(reference() is not None for reference in seen):
        gc.collect()
    left = [t for reference in seen if (t := reference()) is not None]
    assert all(any(t is mine for mine in owned) for t in left), (
        "a tensor that the given function was called with outlives the result, and its graph with "
        "it: not even garbage collection frees them\n"
        "backward(create_graph=True) does that: .grad holds the graph, and the graph the tensor. "
        "Ask torch.autograd.grad, or set .grad to None"
    )


# taylor_coefficients


@pytest.mark.task("taylor_coefficients")
@pytest.mark.parametrize(
    ("name", "f", "x0", "derivatives"),
    [
        pytest.param("exp around 0", torch.exp, 0.0, [1.0, 1.0, 1.0, 1.0, 1.0], id="exp at 0"),
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
        pytest.param("exp around 1/3", torch.exp, 1 / 3, [math.exp(1 / 3)] * 5, id="exp at 1/3"),
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


@pytest.mark.task("taylor_coefficients")
def test_taylor_coefficients_of_order_0_are_the_value_alone(device):
    result = higher_order.taylor_coefficients(torch.exp, 0.0, 0)

    check(result, [1.0], what="exp around 0, order 0")


@pytest.mark.task("taylor_coefficients")
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

    with situation(f"for {name}, whose derivative {order} is 0"):
        result = higher_order.taylor_coefficients(f, 2.0, order)

    check(result, expected, what=f"{name} around 2, order {order}")
    others = [c for c in result if not isinstance(c, float)]
    assert not others, (
        f"among the coefficients of {name}, {others[0]!r} is of the type "
        f"{type(others[0]).__name__}: Python floats are due, beyond the degree too"
    )


@pytest.mark.task("taylor_coefficients")
def test_taylor_coefficients_run_out_also_where_a_parameter_keeps_the_graph_alive(device):
    model = model_of(3.0, "cpu")

    with (
        unchanged(model),
        situation("for w·x, whose first derivative w has a graph, and x is not in it"),
    ):
        result = higher_order.taylor_coefficients(lambda x: model["w"] * x, 2.0, 2)

    check(result, [6.0, 3.0, 0.0], what="w·x around 2, w a parameter")


@pytest.mark.task("taylor_coefficients")
def test_taylor_coefficients_take_an_integer(device):
    with situation("given the int 2 for x0"):
        result = higher_order.taylor_coefficients(torch.reciprocal, 2, 3)

    check(result, [1 / 2, -1 / 4, 1 / 8, -1 / 16], what="1/x around the int 2")


@pytest.mark.task("taylor_coefficients")
def test_taylor_coefficients_leave_no_graph_behind(device):
    f, seen = watched(torch.exp)

    higher_order.taylor_coefficients(f, 0.5, 3)

    demand_released(seen)


# nth_derivative

DERIVATIVES = {
    "x³": [lambda x: x**3, lambda x: 3 * x**2, lambda x: 6 * x, lambda x: 0 * x + 6],
    "sin x": [torch.sin, torch.cos, lambda x: -x.sin(), lambda x: -x.cos()],
    "1/x": [lambda x: 1 / x, lambda x: -(x**-2), lambda x: 2 * x**-3, lambda x: -6 * x**-4],
}


@pytest.mark.task("nth_derivative")
@pytest.mark.parametrize(("name", "n"), [("x³", 1), ("x³", 2), ("sin x", 3), ("1/x", 3)], ids=str)
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
            "a tensor without a graph is taken for a constant, whose derivative is 0: let x "
            "require grad, and ask with create_graph=True": torch.zeros_like(x),
        },
    )


@pytest.mark.task("nth_derivative")
@any_layout
def test_nth_derivative_takes_any_shape(layout, device):
    x = sample(**layout, device=device)

    result = higher_order.nth_derivative(torch.sin, x, 2)

    check(result, -torch.sin(x), what="derivative 2 of sin x")


@pytest.mark.task("nth_derivative")
def test_nth_derivative_0_is_f_itself(device):
    x = sample((4, 3), device=device)

    result = higher_order.nth_derivative(torch.sin, x, 0)

    mistakes = {"f is differentiated all the same": torch.cos(x)}
    check(result, torch.sin(x), what="derivative 0 of sin x", mistakes=mistakes)


@pytest.mark.task("nth_derivative")
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

    with situation(f"derivative {n} of {name}, which is {due:g} everywhere"):
        result = higher_order.nth_derivative(f, x, n)

    check(result, torch.full_like(x, due), what=f"derivative {n} of {name}")


@pytest.mark.task("nth_derivative")
def test_nth_derivative_runs_out_also_where_a_parameter_keeps_the_graph_alive(device):
    x, w = sample((4, 3), device=device), scalar(3.0, device)

    with situation("derivative 2 of w·x, whose first derivative w has a graph, and x is not in it"):
        result = higher_order.nth_derivative(lambda x: w * x, x, 2)

    check(result, torch.zeros_like(x), what="derivative 2 of w·x, w a parameter")


@pytest.mark.task("nth_derivative")
def test_nth_derivative_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(higher_order.nth_derivative(torch.sin, x, 3), -torch.cos(x))


@pytest.mark.task("nth_derivative")
@pytest.mark.parametrize("n", [0, 2])
def test_nth_derivative_leaves_no_gradient_and_no_graph(n, device):
    x, model = with_gradient(sample((4, 3), device=device)), model_of(3.0, device)

    with unchanged(x), unchanged(model):
        result = higher_order.nth_derivative(lambda x: model["w"] * torch.sin(x), x, n)

    expected = {0: 3, 2: -3}[n] * torch.sin(x.detach())
    check(result, expected, what=f"derivative {n} of w·sin x, w a parameter")


@pytest.mark.task("nth_derivative")
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


@pytest.mark.task("nth_derivative")
def test_nth_derivative_frees_its_graphs(device):
    x = sample((4, 3), device=device)
    f, seen = watched(torch.exp)

    higher_order.nth_derivative(f, x, 3)

    demand_released(seen, x)


# gradient_penalty


def tanh_critic(a, b, *, column=False):
    """Return the critic tanh(x·a)·b of flattened samples, with scores of shape (N,) or (N, 1)."""

    def critic(x):
        scores = (x.flatten(1) @ a).tanh() @ b
        return scores.unsqueeze(1) if column else scores

    return critic


def slopes_of_tanh_critic(x, a, b):
    """Return the gradient of each score by its own sample, worked out by hand."""
    flat = x.flatten(1)
    return (((1 - (flat @ a).tanh().square()) * b) @ a.T).reshape(x.shape)


def penalty(slopes):
    """Return the penalty of given slopes."""
    return (slopes.flatten(1).square().sum(1).sqrt() - 1).square().mean()


def wrong_penalties(slopes):
    """Return what known mistakes make of the slopes."""
    norms = slopes.flatten(1).square().sum(1).sqrt()
    batch = norms.square().sum().sqrt()
    return {
        "the norm is taken over the whole batch: each sample has its own": (batch - 1).square(),
        "the norm is taken over the last axis: it goes over all but the first": (
            (slopes.square().sum(-1).sqrt() - 1).square().mean()
        ),
        "the norm is taken over axis 1 alone: it goes over all but the first": (
            (slopes.square().sum(1).sqrt() - 1).square().mean()
        ),
        "the mean of the norms is taken first, and squared after": (norms.mean() - 1).square(),
        "norms below 1 are let off: both sides count": (norms - 1).clamp(min=0).square().mean(),
        "the mean score is differentiated, and every gradient is N times too small": (
            penalty(slopes / len(slopes))
        ),
        "the squared norm is taken for the norm": (norms.square() - 1).square().mean(),
        "1 is not subtracted": norms.square().mean(),
        "the distances from 1 are not squared": (norms - 1).abs().mean(),
        "the penalties are added up: their mean is due": (norms - 1).square().sum(),
    }


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_of_gradients_with_norms_half_2_and_3(device):
    k = scalar(1.0, device)
    x = torch.tensor([[0.3, 0.4, 0.0], [0.0, -2.0, 0.0], [1.0, 2.0, -2.0]], dtype=k.dtype)
    x = x.to(device)

    with unchanged(x):
        result = higher_order.gradient_penalty(lambda x: k * x.square().sum(1) / 2, x)

    check(
        result,
        k * (0.25 + 1 + 4) / 3,
        what="the mean of 0.5², 1² and 2²",
        mistakes=wrong_penalties(x),
    )


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_takes_scores_of_shape_n_by_1(device):
    x, (a, b) = sample((4, 3), device=device), tracked_copies(*weights((3, 2), device))

    with situation("for scores of shape (N, 1)"):
        result = higher_order.gradient_penalty(tanh_critic(a, b, column=True), x)

    expected = penalty(slopes_of_tanh_critic(x, a, b))
    mistakes = wrong_penalties(slopes_of_tanh_critic(x, a, b))
    check(result, expected, what="scores of shape (N, 1)", mistakes=mistakes)


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_takes_images(device):
    x, (a, b) = sample((3, 2, 3, 2), device=device), tracked_copies(*weights((12, 2), device))

    result = higher_order.gradient_penalty(tanh_critic(a, b), x)

    expected = penalty(slopes_of_tanh_critic(x, a, b))
    mistakes = wrong_penalties(slopes_of_tanh_critic(x, a, b))
    check(result, expected, what="samples of shape (2, 3, 2)", mistakes=mistakes)


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_takes_images_that_are_not_contiguous(device):
    x, k = sample((3, 2, 3, 2), device=device).permute(0, 3, 1, 2), scalar(1.5, device)

    with situation("given images that are not contiguous"):
        result = higher_order.gradient_penalty(lambda x: k * x.square().sum((1, 2, 3)), x)

    check(result, penalty(2 * k * x), what="images that are not contiguous")


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_trains_the_critic(device):
    x, (a, b) = sample((4, 3), device=device), tracked_copies(*weights((3, 2), device))

    result = higher_order.gradient_penalty(tanh_critic(a, b), x)

    check(
        torch.autograd.grad(result, (a, b)),
        torch.autograd.grad(penalty(slopes_of_tanh_critic(x, a, b)), (a, b)),
        what="its gradient with respect to the critic's parameters",
    )


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_has_the_slope_that_finite_differences_measure(device):
    x, (a, b) = sample((2, 3), device=device), tracked_copies(*weights((3, 2), device))
    direction = sample((3, 2), device=device)

    result = higher_order.gradient_penalty(tanh_critic(a, b), x)

    def moved(step):
        return penalty(slopes_of_tanh_critic(x, a + step * direction, b)).detach()

    (gradient,) = torch.autograd.grad(result, a)
    measured = (moved(1e-5) - moved(-1e-5)) / 2e-5
    check((gradient * direction).sum(), measured, what="finite differences", rtol=1e-5, atol=1e-6)


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_leaves_samples_and_critic_as_they_were(device):
    x = sample((4, 3), device=device)
    critic = build(
        lambda: nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)), device=device
    )

    with unchanged(x), unchanged(critic):
        higher_order.gradient_penalty(critic, x)


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_does_not_touch_gradients_that_are_there(device):
    x, critic = with_gradient(sample((4, 3), device=device)), model_of(1.5, device)

    with unchanged(x), unchanged(critic):
        result = higher_order.gradient_penalty(lambda x: critic["w"] * x.square().sum(1), x)

    check(result, penalty(2 * critic["w"] * x.detach()), what="x requires grad")


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_keeps_float32(device):
    a, b = tracked_copies(*weights((3, 2), device, dtype=torch.float32))
    x = sample((4, 3), device=device, dtype=torch.float32)

    result = higher_order.gradient_penalty(tanh_critic(a, b), x)

    check(result, penalty(slopes_of_tanh_critic(x, a, b)))


@pytest.mark.task("gradient_penalty")
def test_gradient_penalty_frees_its_graph_with_the_result(device):
    x, k = sample((4, 3), device=device), scalar(1.5, device)
    critic, seen = watched(lambda x: k * x.square().sum(1))

    higher_order.gradient_penalty(critic, x)

    demand_released(seen, x)


def weights(shape, device, dtype=torch.float64):
    """Return a matrix of the shape and a vector that fits, no element of the vector near 0."""
    return (
        sample(shape, device=device, dtype=dtype, low=-1, high=1, gap=0.2),
        sample(shape[1:], device=device, dtype=dtype, gap=0.5),
    )


# pinn_residual


def wave(a, b, c):
    """Return u(x) = a·sin(bx) + c."""
    return lambda x: a * torch.sin(b * x) + c


def bend_of_wave(x, a, b):
    """Return u″(x), worked out by hand."""
    return -a * b * b * torch.sin(b * x)


@pytest.mark.task("pinn_residual")
@any_layout
def test_pinn_residual_is_the_bend_plus_u_at_each_point(layout, device):
    x = sample(**layout, device=device)
    a, b, c = (scalar(value, device) for value in (0.7, 1.5, -0.4))
    u, bend = wave(a, b, c)(x), bend_of_wave(x, a, b)

    with unchanged(x):
        result = higher_order.pinn_residual(wave(a, b, c), x)

    check(
        result,
        bend + u,
        what="u″ + u",
        mistakes={
            "u is left out: u″ alone is returned": bend,
            "u is subtracted": bend - u,
            "u′ is taken for u″": a * b * torch.cos(b * x) + u,
            "u″ is left out, or u′ has no graph and is taken for a constant: ask for it with "
            "create_graph=True": u,
            "u′ and u″ add up in .grad": a * b * torch.cos(b * x) + bend + u,
            "u″ is summed over all points": bend.sum() + u,
            "means are differentiated, where a sum gives each point its own slope": (
                bend / bend.numel() ** 2 + u
            ),
            "the residual is summed over all points": (bend + u).sum(),
            "the residual is averaged over all points": (bend + u).mean(),
            "the residual is squared": (bend + u).square(),
            "the mean square is returned: the residual at each point is due": (
                (bend + u).square().mean()
            ),
        },
    )


@pytest.mark.task("pinn_residual")
def test_pinn_residual_trains_u_through_u_and_through_its_bend(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)
    params = [scalar(value, device) for value in (0.7, 1.5, -0.4)]
    a, b, _ = params

    result = higher_order.pinn_residual(wave(*params), x)

    def gradients(residual):
        loss = (cotangent * residual).sum()
        return torch.autograd.grad(loss, params, allow_unused=True, materialize_grads=True)

    with situation(
        "going back to u's parameters, after torch.autograd.grad, which frees the graph that it "
        "walks unless create_graph=True"
    ):
        trained = gradients(result)

    check(
        trained,
        gradients(bend_of_wave(x, a, b) + wave(*params)(x)),
        what="the gradients for a, b and c of u = a·sin(bx) + c",
        mistakes={
            "u″ is cut from the graph: ask for it with create_graph=True too": lambda: gradients(
                wave(*params)(x)
            ),
            "u is cut from the graph, and only u″ has one": lambda: gradients(
                bend_of_wave(x, a, b)
            ),
        },
    )


@pytest.mark.task("pinn_residual")
def test_pinn_residual_trains_a_u_that_needs_its_own_result_in_backward(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)
    w = scalar(1.5, device)

    result = higher_order.pinn_residual(lambda x: torch.exp(w * x), x)

    with situation("going back to w in u = exp(wx), where exp needs its result unedited"):
        (trained,) = torch.autograd.grad((cotangent * result).sum(), w)
    due = (cotangent * (2 * w + (w * w + 1) * x) * torch.exp(w * x)).sum()
    check(trained, values(due), what="the gradient for w of u = exp(wx)")


@pytest.mark.task("pinn_residual")
def test_pinn_residual_trains_a_network(device):
    u = build(lambda: nn.Sequential(nn.Linear(1, 3), nn.Tanh(), nn.Linear(3, 1)), device=device)
    x, cotangent = sample((5, 1), device=device), sample((5, 1), device=device)
    t = u[:2](x)
    bend = (-2 * t * (1 - t.square()) * u[0].weight.T.square()) @ u[2].weight.T
    params = list(u.parameters())

    with unchanged(x), unchanged(u):
        result = higher_order.pinn_residual(u, x)

    check(result, bend + u(x), what="u″ + u of a network")
    check(
        torch.autograd.grad((cotangent * result).sum(), params),
        torch.autograd.grad((cotangent * (bend + u(x))).sum(), params),
        what="the gradients for the network's parameters",
    )


@pytest.mark.task("pinn_residual")
@pytest.mark.parametrize(
    ("name", "u", "bend"),
    [("3x", lambda x: 3 * x, 0), ("x itself", lambda x: x, 0), ("x²", lambda x: x * x, 2)],
    ids=["3x", "x", "x²"],
)
def test_pinn_residual_takes_lines_and_parabolas(name, u, bend, device):
    x = sample((4, 3), device=device)

    with situation(f"for u = {name}, whose bend is {bend} everywhere"):
        result = higher_order.pinn_residual(u, x)

    check(values(result), u(x) + bend, what=f"u″ + u for u = {name}")


@pytest.mark.task("pinn_residual")
def test_pinn_residual_of_a_linear_layer_is_its_output(device):
    u = build(lambda: nn.Linear(1, 1), device=device)
    x, cotangent = sample((5, 1), device=device), sample((5, 1), device=device)

    with situation("for u = nn.Linear(1, 1), whose slope has a graph, and x is not in it"):
        result = higher_order.pinn_residual(u, x)

    check(result, u(x), what="u″ + u for nn.Linear(1, 1)")
    check(
        torch.autograd.grad((cotangent * result).sum(), list(u.parameters())),
        [(cotangent * x).sum().reshape(1, 1), cotangent.sum(0)],
        what="the gradients for its weight and bias",
    )


@pytest.mark.task("pinn_residual")
def test_pinn_residual_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    a = torch.tensor(2.0, device=device, requires_grad=True)

    check(higher_order.pinn_residual(lambda x: a * torch.sin(2 * x), x), -3 * a * torch.sin(2 * x))


@pytest.mark.task("pinn_residual")
def test_pinn_residual_does_not_touch_gradients_that_are_there(device):
    x, model = with_gradient(sample((4, 3), device=device)), model_of(2.0, device)

    with unchanged(x), unchanged(model):
        higher_order.pinn_residual(lambda x: model["w"] * x**3, x)


@pytest.mark.task("pinn_residual")
def test_pinn_residual_frees_its_graph_with_the_result(device):
    x, a = sample((4, 3), device=device), scalar(2.0, device)
    u, seen = watched(lambda x: a * torch.exp(x))

    higher_order.pinn_residual(u, x)

    demand_released(seen, x)


# curvature


@pytest.mark.task("curvature")
def test_curvature_of_a_quadratic_form(device):
    x, v, b = (sample((3,), device=device) for _ in range(3))
    hessian = sample((3, 3), device=device)
    hessian = hessian + hessian.T

    with unchanged(x, v):
        result = higher_order.curvature(lambda x: x @ hessian @ x / 2 + b @ x, x, v)

    check(
        result,
        v @ hessian @ v,
        what="vᵀHv",
        mistakes={
            "the slope along v is returned: differentiate it once more": (hessian @ x + b) @ v,
            "Hv is returned: multiply by v once more": hessian @ v,
            "the elements of Hv are added up: multiply by v once more": (hessian @ v).sum(),
            "Hv is multiplied by itself": (hessian @ v) @ (hessian @ v),
            "the result is divided by the squared length of v": v @ hessian @ v / (v @ v),
            "only the diagonal of H counts": (hessian.diagonal() * v * v).sum(),
            "the gradient has no graph and is taken for a constant: ask for it with "
            "create_graph=True": v.new_zeros(()),
        },
    )


@pytest.mark.task("curvature")
@any_layout
def test_curvature_takes_any_shape(layout, device):
    x, v = sample(**layout, device=device), sample(**layout, device=device)

    result = higher_order.curvature(lambda x: x.square().sum().square(), x, v)

    expected = 8 * (x * v).sum().square() + 4 * x.square().sum() * v.square().sum()
    check(result, expected, what="vᵀHv of (Σx²)²")


@pytest.mark.task("curvature")
def test_curvature_is_exact_where_f_wiggles(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    result = higher_order.curvature(lambda x: torch.sin(40 * x).sum(), x, v)

    expected = -1600 * (torch.sin(40 * x) * v * v).sum()
    check(result, expected, what="vᵀHv of Σ sin(40x)", atol=1e-7)


@pytest.mark.task("curvature")
@constants_or_parameters
def test_curvature_of_a_weighted_sum_is_0(tracked, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    a = sample((4, 3), device=device, requires_grad=tracked)

    with situation(f"for f = Σax, {KINDS[tracked]}, where H is 0"):
        result = higher_order.curvature(lambda x: (a * x).sum(), x, v)

    check(result, x.new_zeros(()), what=f"vᵀHv of Σax, {KINDS[tracked]}")


@pytest.mark.task("curvature")
def test_curvature_takes_the_same_tensor_for_x_and_v(device):
    x = sample((4, 3), device=device)

    with unchanged(x):
        result = higher_order.curvature(lambda x: (x**3).sum(), x, x)

    check(result, 6 * (x**3).sum(), what="vᵀHv of Σx³ at x = v")


@pytest.mark.task("curvature")
def test_curvature_along_no_direction_is_0(device):
    x = sample((4, 3), device=device)

    result = higher_order.curvature(lambda x: (x**3).sum(), x, torch.zeros_like(x))

    check(
        result,
        x.new_zeros(()),
        what="vᵀHv for v = 0",
        mistakes={"v is divided by its length, which is 0: use v as it is": x.new_tensor(math.nan)},
    )


def demand_few_walks(count):
    """Demand that calls of f and walks backward through it are at most four."""
    assert sum(count.values()) <= 4, (
        f"f of 2000 elements has been run {sum(count.values())} times so far, {count['forward']} "
        f"forward and {count['backward']} backward: 4 together are enough, whatever the size\n"
        "Multiply the gradient by v before you differentiate again: H is never needed"
    )


def counting_its_walks(count):
    """Return a function that counts its own walks, and stops where they are too many."""

    def walk(direction):
        count[direction] += 1
        demand_few_walks(count)

    def f(x):
        walk("forward")
        y = x.sin()
        if y.requires_grad:
            y.register_hook(lambda _: walk("backward"))
        return y.pow(4).sum()

    return f


@pytest.mark.task("curvature")
def test_curvature_needs_at_most_four_walks_for_2000_elements(device):
    x, v = sample((2000,), device=device), sample((2000,), device=device)
    count = {"forward": 0, "backward": 0}

    higher_order.curvature(counting_its_walks(count), x, v)

    demand_few_walks(count)


class LargestTensor(DispatchMode):
    """Remembers how many elements the largest result of an operation has."""

    elements = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for tensor in result if isinstance(result, tuple | list) else [result]:
            if isinstance(tensor, Tensor):
                self.elements = max(self.elements, tensor.numel())
        return result


@pytest.mark.task("curvature")
def test_curvature_builds_no_matrix(device):
    x, v = sample((300,), device=device), sample((300,), device=device)

    with LargestTensor() as largest:
        higher_order.curvature(lambda x: x.sin().pow(4).sum(), x, v)

    assert largest.elements <= 3000, (
        f"for 300 elements a tensor of {largest.elements:,} is made; H has 90,000\n"
        "Multiply the gradient by v before you differentiate again: H is never needed"
    )


@pytest.mark.task("curvature")
def test_curvature_keeps_float32(device):
    x, v = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(2))

    check(higher_order.curvature(lambda x: (x**3).sum(), x, v), 6 * (x * v * v).sum())


@pytest.mark.task("curvature")
def test_curvature_leaves_no_gradient_and_no_graph(device):
    x, v = (with_gradient(sample((4, 3), device=device)) for _ in range(2))
    model = model_of(1.5, device)

    with unchanged(x, v), unchanged(model):
        result = higher_order.curvature(lambda x: (model["w"] * x**3).sum(), x, v)

    check(result, values(9 * (x * v * v).sum()), what="vᵀHv of Σwx³, w a parameter")


@pytest.mark.task("curvature")
def test_curvature_frees_its_graphs(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    f, seen = watched(lambda x: x.exp().sum())

    higher_order.curvature(f, x, v)

    demand_released(seen, x)


# maml_gradient


def task_loss(w, batch):
    """Return Σ b·sin(a·w) + (Σw²)²/4."""
    a, b = batch
    return (b * torch.sin(a * w)).sum() + w.square().sum().square() / 4


def slope_of_task_loss(w, batch):
    """Return its gradient, worked out by hand."""
    a, b = batch
    return a * b * torch.cos(a * w) + w.square().sum() * w


def two_batches(layout, device):
    """Return a support and a query batch for weights of the layout."""
    return [[sample(**layout, device=device) for _ in range(2)] for _ in range(2)]


def gradient_through_step(w, support, query, lr):
    """Return what is due: torch differentiates the step, whose slope was worked out by hand."""
    (w,) = tracked_copies(w)
    stepped = w - lr * slope_of_task_loss(w, support)
    return torch.autograd.grad(task_loss(stepped, query), w)[0]


@pytest.mark.task("maml_gradient")
def test_maml_gradient_counts_how_the_step_itself_changes(device):
    w = torch.tensor(1.0, dtype=torch.float64, device=device)

    with unchanged(w):
        result = higher_order.maml_gradient(lambda w, goal: (w - goal) ** 2, 3.0, 0.0, w, 0.2)

    check(
        result,
        # The step leads from 1 to 1.8, where the slope of w² is 3.6; and dw′/dw = 0.6.
        torch.full_like(w, 2.16),
        what="one step of size 0.2 from 1 on (w - 3)², then w²",
        mistakes={
            "the slope in the step is a constant to autograd (first order): ask for it with "
            "create_graph=True, and do not detach what follows": torch.full_like(w, 3.6),
            "no step is taken": torch.full_like(w, 2.0),
            "the step goes uphill": torch.full_like(w, 0.56),
            "support and query change places": torch.full_like(w, -2.88),
            "the slope of the support loss is added: it stays in .grad": torch.full_like(w, -1.84),
        },
    )


@pytest.mark.task("maml_gradient")
@any_layout
def test_maml_gradient_takes_any_shape(layout, device):
    w, (support, query) = sample(**layout, device=device), two_batches(layout, device)
    stepped = w - 0.1 * slope_of_task_loss(w, support)

    result = higher_order.maml_gradient(task_loss, support, query, w, 0.1)

    check(
        result,
        gradient_through_step(w, support, query, 0.1),
        what="the gradient through the step",
        mistakes={
            "the slope in the step is a constant to autograd (first order)": (
                slope_of_task_loss(stepped, query)
            )
        },
    )


@pytest.mark.task("maml_gradient")
def test_maml_gradient_is_what_finite_differences_measure(device):
    w, (support, query) = sample((3,), device=device), two_batches({"shape": (3,)}, device)

    result = higher_order.maml_gradient(task_loss, support, query, w, 0.1)

    def after_step(w):
        return task_loss(w - 0.1 * slope_of_task_loss(w, support), query)

    nudges = 1e-5 * torch.eye(3, dtype=w.dtype, device=device)
    measured = [(after_step(w + e) - after_step(w - e)) / 2e-5 for e in nudges]
    check(result, torch.stack(measured), what="finite differences", rtol=1e-5, atol=1e-6)


@pytest.mark.task("maml_gradient")
@constants_or_parameters
def test_maml_gradient_takes_a_support_loss_that_is_linear_in_w(tracked, device):
    w, a = sample((4, 3), device=device), sample((4, 3), device=device, requires_grad=tracked)

    with situation(
        f"for a support loss Σaw, {KINDS[tracked]}, where the gradient in the step is a constant"
    ):
        result = higher_order.maml_gradient(
            lambda w, power: (a * power(w)).sum(), lambda w: w, lambda w: w**3, w, 0.1
        )

    expected = values(3 * a * (w - 0.1 * a) ** 2)
    check(result, expected, what=f"a support loss Σaw, {KINDS[tracked]}, then Σaw³")


@pytest.mark.task("maml_gradient")
def test_maml_gradient_keeps_float32(device):
    layout = {"shape": (4, 3), "dtype": torch.float32, "low": -1.0, "high": 1.0}
    w, (support, query) = sample(**layout, device=device), two_batches(layout, device)

    result = higher_order.maml_gradient(task_loss, support, query, w, 0.1)

    check(result, gradient_through_step(w, support, query, 0.1), rtol=1e-4, atol=1e-5)


@pytest.mark.task("maml_gradient")
def test_maml_gradient_leaves_no_gradient_and_no_graph(device):
    w, model = with_gradient(sample((4, 3), device=device)), model_of(1.5, device)

    with unchanged(w), unchanged(model):
        result = higher_order.maml_gradient(
            lambda w, goal: model["w"] * (w - goal).square().sum(), 2.0, 1.0, w, 0.1
        )

    # dw′/dw = 0.7 in every element.
    expected = values(0.7 * 3 * (w - 0.3 * (w - 2) - 1))
    check(result, expected, what="w and another parameter require grad")


@pytest.mark.task("maml_gradient")
def test_maml_gradient_frees_its_graphs(device):
    layout = {"shape": (4, 3)}
    w, (support, query) = sample(**layout, device=device), two_batches(layout, device)
    loss_fn, seen = watched(task_loss)

    higher_order.maml_gradient(loss_fn, support, query, w, 0.1)

    demand_released(seen, w)


# hypergradient


def descent(w0, c, lr, steps):
    """Return the path of gradient descent on (Σw²)²/4 + Σcw, its slope worked out by hand."""
    path = [w0]
    for _ in range(steps):
        w = path[-1]
        path.append(w - lr * (w.square().sum() * w + c))
    return path


def train_loss(c):
    """Return (Σw²)²/4 + Σcw as a function of w."""
    return lambda w: w.square().sum().square() / 4 + (c * w).sum()


def val_loss(d):
    """Return Σ sin(dw) as a function of w."""
    return lambda w: torch.sin(d * w).sum()


def rate(value, device, dtype=torch.float64):
    """Return a 0-d tensor that does not require grad."""
    return torch.tensor(value, dtype=dtype, device=device)


@pytest.mark.task("hypergradient")
def test_hypergradient_after_one_step_is_minus_slope_times_slope(device):
    w0, lr = rate(1.0, device), rate(0.1, device)

    with unchanged(w0, lr):
        result = higher_order.hypergradient(torch.square, torch.square, w0, lr, 1)

    check(
        result,
        torch.full_like(lr, -3.2),  # of (1 - 2 lr)²
        what="one step from 1 on w², then w²",
        mistakes={
            "the last w does not depend on lr: no step is taken, or lr has become a plain number": (
                torch.full_like(lr, 0.0)
            ),
            "one step too many is taken": torch.full_like(lr, -4.096),
            "the slope of val by the last w is returned": torch.full_like(lr, 1.6),
            "the slope of val by w0 is returned": torch.full_like(lr, 1.28),
        },
    )


@pytest.mark.task("hypergradient")
def test_hypergradient_counts_how_each_step_changes_the_next_slope(device):
    w0, lr = rate(1.0, device), rate(0.1, device)

    result = higher_order.hypergradient(torch.square, torch.square, w0, lr, 2)

    check(
        result,
        torch.full_like(lr, -4.096),  # of (1 - 2 lr)⁴
        what="two steps from 1 on w², then w²",
        mistakes={
            "the slopes are constants to autograd: ask for them with create_graph=True, at the w "
            "that still has its graph": torch.full_like(lr, -4.608),
            "only the last step counts: the w before it has lost its graph": (
                torch.full_like(lr, -2.048)
            ),
            "every slope is taken at w0": torch.full_like(lr, -4.8),
            "one step too few is taken": torch.full_like(lr, -3.2),
        },
    )


@pytest.mark.task("hypergradient")
@any_layout
def test_hypergradient_takes_any_shape(layout, device):
    w0, c, d = (sample(**layout, device=device, low=-1, high=1) for _ in range(3))
    lr = rate(0.1, device)

    result = higher_order.hypergradient(train_loss(c), val_loss(d), w0, lr, 3)

    def derivative_of(loss):
        (leaf,) = tracked_copies(lr)
        return torch.autograd.grad(loss(descent(w0, c, leaf, 3)[-1]), leaf)[0]

    path = descent(w0, c, lr, 3)
    outer = d * torch.cos(d * path[-1])
    slopes = [(before - after) / lr for before, after in itertools.pairwise(path)]
    check(
        result,
        derivative_of(val_loss(d)),
        what="three steps",
        mistakes={
            "f is taken for val": lambda: derivative_of(train_loss(c)),
            "the slopes are constants to autograd": -(outer * sum(slopes)).sum(),
            "only the last step counts": -(outer * slopes[-1]).sum(),
        },
    )


@pytest.mark.task("hypergradient")
def test_hypergradient_is_what_finite_differences_measure(device):
    w0, c, d = (sample((3,), device=device, low=-1, high=1) for _ in range(3))

    result = higher_order.hypergradient(train_loss(c), val_loss(d), w0, rate(0.2, device), 4)

    up, down = (val_loss(d)(descent(w0, c, 0.2 + e, 4)[-1]) for e in (1e-5, -1e-5))
    check(result, (up - down) / 2e-5, what="finite differences", rtol=1e-5, atol=1e-6)


@pytest.mark.task("hypergradient")
def test_hypergradient_after_no_steps_is_0(device):
    w0, lr = sample((4, 3), device=device), rate(0.1, device)

    with situation("for steps = 0, where val does not depend on lr"):
        result = higher_order.hypergradient(
            lambda w: w.square().sum(), lambda w: w.exp().sum(), w0, lr, 0
        )

    check(result, torch.zeros_like(lr), what="no steps")


@pytest.mark.task("hypergradient")
@constants_or_parameters
def test_hypergradient_takes_a_training_loss_that_is_linear(tracked, device):
    w0, a = sample((4, 3), device=device), sample((4, 3), device=device, requires_grad=tracked)

    with situation(f"for a training loss Σaw, {KINDS[tracked]}, where H is 0"):
        result = higher_order.hypergradient(
            lambda w: (a * w).sum(), lambda w: w.square().sum(), w0, rate(0.1, device), 2
        )

    expected = values(-4 * (a * (w0 - 0.2 * a)).sum())
    check(result, expected, what=f"two steps on Σaw, {KINDS[tracked]}, then Σw²")


@pytest.mark.task("hypergradient")
def test_hypergradient_keeps_float32(device):
    w0 = sample((4, 3), device=device, dtype=torch.float32, low=0.5, high=1)

    result = higher_order.hypergradient(
        lambda w: w.square().sum(),
        lambda w: w.sum(),
        w0,
        rate(0.1, device, dtype=torch.float32),
        2,
    )

    check(result, -3.2 * w0.sum())


@pytest.mark.task("hypergradient")
def test_hypergradient_leaves_no_gradient_and_no_graph(device):
    w0, lr = with_gradient(sample((4, 3), device=device)), with_gradient(scalar(0.1, device))
    model = model_of(1.0, device)

    with unchanged(w0, lr), unchanged(model):
        result = higher_order.hypergradient(
            lambda w: model["w"] * w.square().sum(), lambda w: model["w"] * w.sum(), w0, lr, 2
        )

    check(result, values(-3.2 * w0.sum()), what="w0, lr and another parameter require grad")


@pytest.mark.task("hypergradient")
def test_hypergradient_frees_its_graphs(device):
    w0 = sample((4, 3), device=device)
    f, seen = watched(lambda w: w.square().sum())

    higher_order.hypergradient(f, lambda w: w.sum(), w0, rate(0.1, device), 2)

    demand_released(seen, w0)
