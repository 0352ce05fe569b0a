import higher_order
import pytest
import torch
from torch import nn

from gradkata.checks import any_layout, build, check, sample, situation, unchanged

from .shared import (
    any_error,
    demand_released,
    made_finite,
    model_of,
    scalar,
    the_error_gets_through,
    values,
    watched,
    with_gradient,
)

pytestmark = pytest.mark.task("pinn_residual")


def wave(a, b, c):
    """Return u(x) = a·sin(bx) + c."""
    return lambda x: a * torch.sin(b * x) + c


def bend_of_wave(x, a, b):
    """Return u″(x), worked out by hand."""
    return -a * b * b * torch.sin(b * x)


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


def test_pinn_residual_trains_a_u_that_needs_its_own_result_in_backward(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)
    w = scalar(1.5, device)

    result = higher_order.pinn_residual(lambda x: torch.exp(w * x), x)

    with situation("going back to w in u = exp(wx), where exp needs its result unedited"):
        (trained,) = torch.autograd.grad((cotangent * result).sum(), w)
    due = (cotangent * (2 * w + (w * w + 1) * x) * torch.exp(w * x)).sum()
    check(trained, values(due), what="the gradient for w of u = exp(wx)")


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


@pytest.mark.parametrize(
    ("name", "u", "bend", "low"),
    [
        ("3x", lambda x: 3 * x, 0, -2.0),
        ("x itself", lambda x: x, 0, -2.0),
        ("x² at 2, where its slope is 4", lambda x: x * x, 2, 2.0),
        ("(x - 2)² at 2, where its slope is 0", lambda x: (x - 2) ** 2, 2, 2.0),
    ],
    ids=["3x", "x", "x²", "the lowest of (x - 2)²"],
)
def test_pinn_residual_takes_lines_and_parabolas(name, u, bend, low, device):
    x = sample((4, 3), device=device, low=low)

    with situation(f"for u = {name}, whose bend is {bend} everywhere"):
        result = higher_order.pinn_residual(u, x)

    check(values(result), u(x) + bend, what=f"u″ + u for u = {name}")


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


def test_pinn_residual_keeps_float32_and_may_be_infinite_or_nan(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    a = torch.tensor([1e6, torch.inf, torch.nan], device=device, requires_grad=True)
    due = 5 * a * torch.exp(2 * x)

    check(
        higher_order.pinn_residual(lambda x: a * torch.exp(2 * x), x),
        due,
        what="u″ + u for u = a·exp(2x) in float32",
        mistakes=made_finite(due),
    )


def test_pinn_residual_does_not_touch_gradients_that_are_there(device):
    x, model = with_gradient(sample((4, 3), device=device)), model_of(2.0, device)

    with unchanged(x), unchanged(model):
        higher_order.pinn_residual(lambda x: model["w"] * x**3, x)


def test_pinn_residual_frees_its_graph_with_the_result(device):
    x, a = sample((4, 3), device=device), scalar(2.0, device)
    u, seen = watched(lambda x: a * torch.exp(x))

    higher_order.pinn_residual(u, x)

    demand_released(seen, x)


@any_error
def test_pinn_residual_lets_an_error_of_u_through(broken, error, prepared, device):
    x = prepared(sample((4, 3), device=device))

    with unchanged(x), the_error_gets_through(error):
        higher_order.pinn_residual(broken, x)
