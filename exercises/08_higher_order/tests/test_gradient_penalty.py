import higher_order
import pytest
import torch
from torch import nn

from gradkata.checks import (
    IdentityWithoutBackward,
    build,
    check,
    sample,
    situation,
    tracked_copies,
    unchanged,
)

from .shared import (
    any_size,
    demand_released,
    interrupted,
    made_finite,
    model_of,
    scalar,
    the_error_gets_through,
    watched,
    with_gradient,
)

pytestmark = pytest.mark.task("gradient_penalty")


def tanh_critic(a, b, *, column=False):
    """Return the critic tanh(x·a + ½)·b of flattened samples, which is neither odd nor even.

    Its scores have the shape (N,) or (N, 1).
    """

    def critic(x):
        scores = (x.flatten(1) @ a + 0.5).tanh() @ b
        return scores.unsqueeze(1) if column else scores

    return critic


def slopes_of_tanh_critic(x, a, b):
    """Return the gradient of each score by its own sample, worked out by hand."""
    flat = x.flatten(1)
    return (((1 - (flat @ a + 0.5).tanh().square()) * b) @ a.T).reshape(x.shape)


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


def test_gradient_penalty_takes_scores_of_shape_n_by_1(device):
    x, (a, b) = sample((4, 3), device=device), tracked_copies(*weights((3, 2), device))

    with situation("for scores of shape (N, 1)"):
        result = higher_order.gradient_penalty(tanh_critic(a, b, column=True), x)

    expected = penalty(slopes_of_tanh_critic(x, a, b))
    mistakes = wrong_penalties(slopes_of_tanh_critic(x, a, b))
    check(result, expected, what="scores of shape (N, 1)", mistakes=mistakes)


def test_gradient_penalty_takes_images(device):
    x, (a, b) = sample((3, 2, 3, 2), device=device), tracked_copies(*weights((12, 2), device))

    result = higher_order.gradient_penalty(tanh_critic(a, b), x)

    expected = penalty(slopes_of_tanh_critic(x, a, b))
    mistakes = wrong_penalties(slopes_of_tanh_critic(x, a, b))
    check(result, expected, what="samples of shape (2, 3, 2)", mistakes=mistakes)


@any_size
def test_gradient_penalty_takes_images_that_are_not_contiguous_and_may_be_nan(size, device):
    x, k = sample((3, 2, 3, 2), device=device).permute(0, 3, 1, 2), scalar(size, device)

    with situation("given images that are not contiguous"):
        result = higher_order.gradient_penalty(lambda x: k * x.square().sum((1, 2, 3)), x)

    due = penalty(2 * k * x)
    what = f"images that are not contiguous, and scores of {size:g} times their squares"
    check(result, due, what=what, mistakes=made_finite(due))


def test_gradient_penalty_trains_the_critic(device):
    x, (a, b) = sample((4, 3), device=device), tracked_copies(*weights((3, 2), device))

    result = higher_order.gradient_penalty(tanh_critic(a, b), x)

    check(
        torch.autograd.grad(result, (a, b)),
        torch.autograd.grad(penalty(slopes_of_tanh_critic(x, a, b)), (a, b)),
        what="its gradient with respect to the critic's parameters",
    )


def test_gradient_penalty_leaves_samples_and_critic_as_they_were(device):
    x = sample((4, 3), device=device)
    critic = build(
        lambda: nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)), device=device
    )

    with unchanged(x), unchanged(critic):
        higher_order.gradient_penalty(critic, x)


def test_gradient_penalty_does_not_touch_gradients_that_are_there(device):
    x, critic = with_gradient(sample((4, 3), device=device)), model_of(1.5, device)

    with unchanged(x), unchanged(critic):
        result = higher_order.gradient_penalty(lambda x: critic["w"] * x.square().sum(1), x)

    check(result, penalty(2 * critic["w"] * x.detach()), what="x requires grad")


def test_gradient_penalty_keeps_float32_and_takes_samples_of_one_element(device):
    a, b = tracked_copies(*weights((1, 2), device, dtype=torch.float32))
    x = sample((4, 1), device=device, dtype=torch.float32)

    result = higher_order.gradient_penalty(tanh_critic(a, b), x)

    slopes = slopes_of_tanh_critic(x, a, b)
    check(
        result,
        penalty(slopes),
        what="samples of one element, in float32",
        mistakes=wrong_penalties(slopes),
    )


def test_gradient_penalty_frees_its_graph_with_the_result(device):
    x, k = sample((4, 3), device=device), scalar(1.5, device)
    critic, seen = watched(lambda x: k * x.square().sum(1))

    higher_order.gradient_penalty(critic, x)

    demand_released(seen, x)


@pytest.mark.parametrize(
    ("broken", "error"),
    [(IdentityWithoutBackward.apply, RuntimeError), (interrupted, KeyboardInterrupt)],
    ids=["derivative", "Ctrl-C"],
)
def test_gradient_penalty_lets_an_error_of_the_critic_through(broken, error, device):
    x = sample((4, 3), device=device)

    with unchanged(x), the_error_gets_through(error):
        higher_order.gradient_penalty(lambda x: broken(x).sum(1), x)


def weights(shape, device, dtype=torch.float64):
    """Return a matrix of the shape and a vector that fits, no element of the vector near 0."""
    return (
        sample(shape, device=device, dtype=dtype, low=-1, high=1, gap=0.2),
        sample(shape[1:], device=device, dtype=dtype, gap=0.5),
    )
