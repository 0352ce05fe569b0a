import gradient_clipping
import pytest
import torch

from gradkata.checks import check, grads, one_by_one, situation

from .shared import (
    INF,
    NAN,
    check_in_place,
    check_parameters_are_left,
    copies,
    leaf,
    own,
    parameters,
)

pytestmark = pytest.mark.task("clip_grad_value_")


@pytest.mark.forbid("torch.nn.utils.clip_grad_value_", reason="clamp each gradient yourself")
def test_every_element_ends_between_the_two_bounds(device):
    p = leaf([1, 1, 1, 1], [-3.0, -0.5, 0.25, 2.0], device)
    before = p.grad.clone()

    own("clip_grad_value_")([p], 1.0)

    check(
        p.grad,
        torch.tensor([-1.0, -0.5, 0.25, 1.0], dtype=torch.float64, device=device),
        what="the gradient [-3, -0.5, 0.25, 2], clipped to the value 1",
        mistakes={
            "the gradient is left as it was": before,
            "only the upper bound is kept": before.clamp(max=1),
            "only the lower bound is kept": before.clamp(min=-1),
            "the lower bound is taken as 0": before.clamp(0, 1),
            "the sign is lost": before.abs().clamp(max=1),
            "elements beyond the bounds become 0": before * (before.abs() <= 1),
            "the gradient is scaled by its largest element": before / 3,
            "the gradient is scaled by its norm": before / before.norm(),
        },
    )


def test_values_are_clipped_in_every_parameter(device):
    params = parameters(device)
    before, due = copies(grads(params)), [g.clamp(-0.7, 0.7) for g in grads(params)]

    gradient_clipping.clip_grad_value_(params, 0.7)

    check(
        grads(params),
        due,
        what="the gradients of four parameters",
        mistakes={
            "the last one, which is not contiguous, is clipped in a copy, as reshape makes": (
                lambda: [*due[:-1], before[-1]]
            )
        },
    )


def test_value_clipping_skips_a_parameter_without_a_gradient_and_no_other(device):
    params = parameters(device)
    params[0].requires_grad_(False)
    params[1].grad = None
    before = copies(grads(params))
    due = [None if g is None else g.clamp(-0.7, 0.7) for g in grads(params)]

    gradient_clipping.clip_grad_value_(params, 0.7)

    check(params[1].grad, None, what="the .grad that was None")
    check(
        grads(params),
        due,
        what="the gradients, one of them None, and one that of a frozen parameter",
        mistakes={
            "the .grad of a frozen parameter is left out": lambda: [before[0], *due[1:]],
            "the loop ends at a .grad of None": lambda: [due[0], None, *before[2:]],
        },
    )


def test_value_clipping_takes_a_generator(device):
    params = parameters(device)
    before = copies(grads(params))
    due = [g.clamp(-0.7, 0.7) for g in before]

    gradient_clipping.clip_grad_value_(one_by_one(params), 0.7)

    check(
        grads(params),
        due,
        what="the gradients of parameters that came from a generator",
        mistakes={
            "a first loop uses the generator up, and the next one finds nothing": before,
            "the loop for the upper bound uses the generator up, and the next one finds nothing": [
                g.clamp(max=0.7) for g in before
            ],
            "the loop for the lower bound uses the generator up, and the next one finds nothing": [
                g.clamp(min=-0.7) for g in before
            ],
        },
    )


def test_value_clipping_works_in_place_and_leaves_the_parameters(device):
    params = parameters(device)
    values, due = copies(params), [g.clamp(-0.7, 0.7) for g in grads(params)]
    tensors, views = grads(params), [p.grad.detach() for p in params]

    gradient_clipping.clip_grad_value_(params, 0.7)

    check_in_place(params, tensors, views, due)
    check_parameters_are_left(params, values)


def test_value_clipping_keeps_float32_and_a_large_bound(device):
    params = parameters(device, dtype=torch.float32)
    for p in params:
        p.grad *= 1e6
    due = [g.clamp(-7e5, 7e5) for g in grads(params)]

    gradient_clipping.clip_grad_value_(params, 7e5)

    check(grads(params), due, what="gradients of about 1e6 in float32, clipped to the value 7e5")


def test_an_infinite_element_becomes_the_bound(device):
    p = leaf([1, 1, 1], [INF, -INF, 0.25], device)

    gradient_clipping.clip_grad_value_([p], 0.5)

    check(
        p.grad,
        torch.tensor([0.5, -0.5, 0.25], dtype=torch.float64, device=device),
        what="the gradient [inf, -inf, 0.25], clipped to the value 0.5",
    )


def test_an_element_is_clipped_beside_a_nan(device):
    p = leaf([1, 1, 1], [NAN, 10.0, 0.25], device)
    before = p.grad.clone()

    gradient_clipping.clip_grad_value_([p], 0.5)

    check(
        p.grad,
        torch.tensor([NAN, 0.5, 0.25], dtype=torch.float64, device=device),
        what="the gradient [nan, 10, 0.25], clipped to the value 0.5",
        mistakes={
            "the largest element decides whether to clip: here that is NaN, and NaN > 0.5 is "
            "False. Clip every gradient": before,
            "NaN has become 0": torch.tensor([0.0, 0.5, 0.25], dtype=p.dtype, device=device),
        },
    )


def test_a_gradient_may_have_no_elements(device):
    params = parameters(device, (0, 3), (4, 3))
    due = [g.clamp(-0.7, 0.7) for g in grads(params)]

    with situation("with a gradient of shape (0, 3), which has no elements"):
        gradient_clipping.clip_grad_value_(params, 0.7)

    check(grads(params), due, what="the gradients, the first of shape (0, 3)")
