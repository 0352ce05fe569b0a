import math

import custom_ops
import pytest
import torch

from gradkata.checks import (
    any_layout,
    check,
    check_edits_are_noticed,
    check_gradients,
    sample,
    situation,
    tracked_copies,
)

from .shared import backward_of_two, called, check_own_memory, registered

pytestmark = pytest.mark.task("register_scaled_erf")

C = 2 / math.sqrt(math.pi)


def scaled_erf():
    return registered(custom_ops.register_scaled_erf, "(Tensor x, float scale) -> Tensor")


def slope(x, scale):
    return C * scale * torch.exp(-((scale * x) ** 2))


@any_layout
def test_scaled_erf_has_its_value_and_its_gradient(layout, device):
    (x,) = tracked_copies(sample(**layout, device=device))
    v = sample(**layout, device=device)

    y = called(scaled_erf(), x, -1.3)
    check(
        y.detach(),
        torch.erf(-1.3 * x.detach()),
        what="the value, scale being −1.3",
        mistakes={"scale is left out": lambda: torch.erf(x.detach())},
    )
    came_in = v.clone()
    with backward_of_two():
        (gradient,) = torch.autograd.grad(y, x, v)
    check(v, came_in, what="grad_output, which comes into backward, after it")

    x = x.detach()
    check(
        gradient,
        v * slope(x, -1.3),
        what="the gradient for x, scale being −1.3",
        mistakes={
            "the incoming gradient is left out: multiply by grad_output": lambda: slope(x, -1.3),
            "the inner derivative, scale, is left out": lambda: v * slope(x, -1.3) / -1.3,
            "scale is left out of the exponent": lambda: v * -1.3 * slope(x, 1.0),
            "scale is not squared in the exponent": lambda: v * C * -1.3 * torch.exp(1.3 * x * x),
            "2/√π is left out": lambda: v * slope(x, -1.3) / C,
        },
    )


def test_scaled_erf_of_two_scales_before_backward(device):
    op = scaled_erf()
    x = sample((4, 3), device=device, requires_grad=True)
    v, w = (sample((4, 3), device=device) for _ in range(2))

    first, second = op(x, 0.7), op(x, 0.74)
    (gradient,) = torch.autograd.grad((first, second), x, (v, w))

    x = x.detach()
    check(
        gradient,
        v * slope(x, 0.7) + w * slope(x, 0.74),
        what="the gradient of two calls, of scale 0.7 and then 0.74",
        mistakes={
            "both get the scale of the last call: each has its own, on ctx": (
                lambda: (v + w) * slope(x, 0.74)
            ),
            "both get the scale of the first call: each has its own, on ctx": (
                lambda: (v + w) * slope(x, 0.7)
            ),
        },
    )


def test_scaled_erf_has_derivatives_of_every_order(device):
    x = sample((5,), device=device)
    x[0] = 30  # whose exponential is 0, and its inverse is infinite
    x.requires_grad_()

    found = [scaled_erf()(x, 1.3)]
    for _ in range(3):
        (found_next,) = torch.autograd.grad(found[-1].sum(), x, create_graph=True)
        found.append(found_next + 0 * x)

    first = slope(x.detach(), 1.3)
    second = -2 * 1.69 * x.detach() * first
    third = (-2 * 1.69 + (2 * 1.69 * x.detach()) ** 2) * first
    for derivative, due, which in zip(
        found[1:], (first, second, third), ("first", "second", "third"), strict=True
    ):
        check(
            derivative.detach(),
            due,
            what=f"the {which} derivative",
            mistakes={
                "the slope has no graph: compute it in backward, with torch's operations, from "
                "what ctx.save_for_backward keeps": 0 * due,
            },
        )


@pytest.mark.parametrize("scale", [0.0, 2.5])
def test_scaled_erf_of_float32(scale, device):
    x = sample((3, 4), device=device, dtype=torch.float32).T.requires_grad_()
    v = sample((4, 3), device=device, dtype=torch.float32)
    given = f"in float32, x being transposed and scale {scale}"

    y = scaled_erf()(x, scale)
    (gradient,) = torch.autograd.grad(y, x, v, create_graph=True)
    with situation(f"the derivative of the gradient, scale being {scale}"):
        (second,) = torch.autograd.grad(gradient.sum(), x)

    x = x.detach()
    check(y.detach(), torch.erf(scale * x), what=f"the value {given}")
    check(gradient.detach(), v * slope(x, scale), what=f"the gradient {given}")
    due = -2 * scale**2 * x * v * slope(x, scale)
    check(second, due, what=f"the second derivative {given}")


def test_scaled_erf_agrees_with_finite_differences(device):
    op = scaled_erf()
    check_gradients(lambda x: op(x, 1.3), [sample((3,), device=device)])


def test_scaled_erf_notices_edits(device):
    op = scaled_erf()
    check_edits_are_noticed(lambda x: op(x, 1.3), [sample((4, 3), device=device)])


def test_scaled_erf_has_no_graph_where_x_has_none(device):
    x = sample((4, 3), device=device)

    check(scaled_erf()(x, 1.3), torch.erf(1.3 * x), what="an x without a graph")
    check_own_memory(scaled_erf(), x, 1.0)
