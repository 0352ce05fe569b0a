import first_gradients
import pytest
import torch

from gradkata.checks import check, sample, unchanged

pytestmark = pytest.mark.task("rotation")


def turn(angle):
    return matrix_of(angle.cos(), angle.sin())


def matrix_of(cos, sin):
    return torch.stack((torch.stack((cos, -sin)), torch.stack((sin, cos))))


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


def test_rotation_keeps_float32_and_both_signs(device):
    angle = sample((), device=device, dtype=torch.float32, low=3.4, high=4.4)
    positive = angle.cos().abs(), angle.sin().abs()

    check(
        first_gradients.rotation(angle),
        turn(angle),
        what=f"the rotation by {angle.item():.4f} in float32, whose cosine and sine are negative",
        mistakes={
            "the sine has lost its sign, as the root of 1 - cos² has none": matrix_of(
                angle.cos(), positive[1]
            ),
            "the cosine has lost its sign, as the root of 1 - sin² has none": matrix_of(
                positive[0], angle.sin()
            ),
        },
    )


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

    level = torch.zeros((), dtype=torch.float64, device=device, requires_grad=True)
    turned = (first_gradients.rotation(level) * cotangent).sum()
    check(
        torch.autograd.grad(turned, level, allow_unused=True)[0],
        cotangent[1, 0] - cotangent[0, 1],
        what="the gradient for an angle of 0",
        mistakes={
            "the sine is a root, whose slope is infinite at 0: 0 · inf is NaN": (
                torch.full_like(level, torch.nan).detach()
            )
        },
    )
