import math

import higher_order
import pytest
import torch
from torch import Tensor

from gradkata.checks import (
    DispatchMode,
    any_layout,
    check,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import (
    KINDS,
    any_error,
    any_size,
    constants_or_parameters,
    demand_released,
    made_finite,
    model_of,
    the_error_gets_through,
    values,
    watched,
    with_gradient,
)

pytestmark = pytest.mark.task("curvature")


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


@any_layout
def test_curvature_takes_any_shape(layout, device):
    x, v = sample(**layout, device=device), sample(**layout, device=device)

    result = higher_order.curvature(lambda x: x.square().sum().square(), x, v)

    expected = 8 * (x * v).sum().square() + 4 * x.square().sum() * v.square().sum()
    check(result, expected, what="vᵀHv of (Σx²)²")


def test_curvature_is_exact_where_f_wiggles(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    result = higher_order.curvature(lambda x: torch.sin(40 * x).sum(), x, v)

    expected = -1600 * (torch.sin(40 * x) * v * v).sum()
    check(result, expected, what="vᵀHv of Σ sin(40x)", atol=1e-7)


@constants_or_parameters
def test_curvature_of_a_weighted_sum_is_0(tracked, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    a = sample((4, 3), device=device, requires_grad=tracked)

    with stale_memory(), situation(f"for f = Σax, {KINDS[tracked]}, where H is 0"):
        result = higher_order.curvature(lambda x: (a * x).sum(), x, v)

    check(
        result,
        x.new_zeros(()),
        what=f"vᵀHv of Σax, {KINDS[tracked]}",
        mistakes={
            "what torch.empty makes is not 0 but what its memory held, here NaN": x.new_tensor(
                math.nan
            )
        },
    )


def test_curvature_takes_the_same_tensor_for_x_and_v(device):
    x = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x):
        result = higher_order.curvature(lambda x: (x**3).sum(), x, x)

    cubes = values((x**3).sum())
    check(
        result,
        6 * cubes,
        what="vᵀHv of Σx³ at x = v",
        mistakes={"v is differentiated with x, for it is the same tensor: detach it": 9 * cubes},
    )


def test_curvature_along_no_direction_is_0(device):
    x = sample((4, 3), device=device)

    with situation("for f = (Σx)³, whose gradients are one number, expanded to the shape of x"):
        result = higher_order.curvature(lambda x: x.sum() ** 3, x, torch.zeros_like(x))

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


def test_curvature_builds_no_matrix(device):
    x, v = sample((300,), device=device), sample((300,), device=device)

    with LargestTensor() as largest:
        higher_order.curvature(lambda x: x.sin().pow(4).sum(), x, v)

    assert largest.elements <= 3000, (
        f"for 300 elements a tensor of {largest.elements:,} is made; H has 90,000\n"
        "Multiply the gradient by v before you differentiate again: H is never needed"
    )


def test_curvature_keeps_float32_and_is_there_where_the_slope_is_0(device):
    v = sample((4, 3), device=device, dtype=torch.float32)
    x = torch.zeros_like(v)

    check(
        higher_order.curvature(lambda x: (x**2 + x**3).sum(), x, v),
        2 * (v * v).sum(),
        what="vᵀHv of Σ(x² + x³) at 0, where the slope is 0, in float32",
        mistakes={"a slope of 0 is taken for the end: H need not be 0 there": v.new_zeros(())},
    )


@any_size
def test_curvature_may_be_large_infinite_or_nan(size, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    result = higher_order.curvature(lambda x: size * x.square().sum(), x, v)

    due = 2 * size * v.square().sum()
    check(result, due, what=f"vᵀHv of {size:g} · Σx²", mistakes=made_finite(due))


def test_curvature_leaves_no_gradient_and_no_graph(device):
    x, v = (with_gradient(sample((4, 3), device=device)) for _ in range(2))
    model = model_of(1.5, device)

    with unchanged(x, v), unchanged(model):
        result = higher_order.curvature(lambda x: (model["w"] * x**3).sum(), x, v)

    check(result, values(9 * (x * v * v).sum()), what="vᵀHv of Σwx³, w a parameter")


def test_curvature_frees_its_graphs(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    f, seen = watched(lambda x: x.exp().sum())

    higher_order.curvature(f, x, v)

    demand_released(seen, x)


@any_error
def test_curvature_lets_an_error_of_f_through(broken, error, prepared, device):
    x = prepared(sample((4, 3), device=device))

    with unchanged(x), the_error_gets_through(error):
        higher_order.curvature(lambda x: broken(x).sum(), x, torch.ones_like(x))
