import copy
import math

import pytest
import torch
import training
from torch import nn

from gradkata.checks import build, check, raises, situation

from .shared import (
    RATE,
    FailsInBackward,
    a_layer,
    add_idle_parameters,
    an_optimizer,
    gradient_by_hand,
    leave_stale_gradients,
    loss_of,
    some_batches,
    turned,
    values,
)

pytestmark = pytest.mark.task("safe_step")


def a_loss(layer, device):
    """Return the loss of a batch, and its gradient by hand."""
    ((x, y),) = some_batches(device, sizes=(5,), dtype=layer.weight.dtype)
    return loss_of(layer(x), y), gradient_by_hand(values(layer.parameters()), x, y)


def norm_of(gradients):
    return math.sqrt(sum(g.square().sum().item() for g in gradients))


def moves(layer, before):
    """Return how far each parameter has moved against its gradient, per learning rate."""
    return [(a - b.detach()) / RATE for a, b in zip(before, layer.parameters(), strict=True)]


def plain_sgd(model):
    """Return an optimizer with a group for each parameter."""
    return torch.optim.SGD([{"params": [p]} for p in model.parameters()], lr=RATE)


def test_a_small_gradient_is_followed_as_it_is(device):
    layer = a_layer(device)
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)
    small = 5e-7 / norm_of(gradient)
    gradient = [small * g for g in gradient]

    report = training.safe_step(layer, plain_sgd(layer), small * loss, 3e-6)

    check(
        moves(layer, before),
        gradient,
        what="the step divided by the learning rate, with a norm of 5e-7 and max_norm = 3e-6",
        rtol=1e-5,
        atol=1e-14,
        mistakes={
            "no step is taken": [torch.zeros_like(g) for g in gradient],
            "every gradient is scaled to max_norm, a small one too": [6 * g for g in gradient],
            "every gradient is scaled by max_norm / (norm + 1e-6), a small one too": [
                2 * g for g in gradient
            ],
            "1e-6 is taken from the norm: max_norm / (norm - 1e-6) is negative": [
                -6 * g for g in gradient
            ],
        },
    )
    assert isinstance(report, training.StepReport), (
        f"it returns a {type(report).__name__}, a StepReport is due"
    )
    check(report.norm, norm_of(gradient), what="norm", rtol=1e-5, atol=1e-14)
    check(report.stepped, True, what="stepped")


def test_a_large_gradient_is_clipped_as_a_whole(device):
    layer = a_layer(device)
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)
    max_norm = norm_of(gradient) / 4

    training.safe_step(layer, plain_sgd(layer), loss, max_norm)

    check(
        moves(layer, before),
        [g / 4 for g in gradient],
        what="the step divided by the learning rate, with the norm four times max_norm",
        rtol=1e-5,
        mistakes={
            "the gradient is not clipped, or only after the step": gradient,
            "each parameter is clipped by itself": lambda: [
                g * min(1, max_norm / g.norm().item()) for g in gradient
            ],
            "each element is clipped by itself": lambda: [
                g.clamp(-max_norm, max_norm) for g in gradient
            ],
        },
    )


def test_the_reported_norm_is_the_one_before_clipping(device):
    layer = a_layer(device)
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)
    gradient = [1e12 * g for g in gradient]
    norm = norm_of(gradient)

    report = training.safe_step(layer, plain_sgd(layer), 1e12 * loss, norm / 4)

    check(
        report.norm,
        norm,
        what="norm, four times max_norm and of the size 1e12",
        rtol=1e-5,
        mistakes={
            "the norm after clipping is reported": norm / 4,
            "the norm of one parameter's gradient is reported": gradient[-1].norm().item(),
            "the norms of the parameters are added up": sum(g.norm().item() for g in gradient),
            "the square of the norm is reported": norm**2,
        },
    )
    check(report.stepped, True, what="stepped, with a norm of the size 1e12, which is finite")
    check(
        moves(layer, before),
        [g / 4 for g in gradient],
        what="the step divided by the learning rate, with max_norm of the size 1e12 too",
        rtol=1e-5,
    )


def test_a_step_drops_stale_gradients(device):
    layer = a_layer(device)
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)
    leave_stale_gradients(layer)
    both = [g + p.grad for g, p in zip(gradient, layer.parameters(), strict=True)]

    report = training.safe_step(layer, plain_sgd(layer), loss, 1e3)

    check(
        moves(layer, before),
        gradient,
        what="the step divided by the learning rate, begun with stale gradients",
        rtol=1e-5,
        mistakes={"backward adds to stale gradients: clear them first": both},
    )
    check(report.norm, norm_of(gradient), what="norm", rtol=1e-5)


BROKEN = {
    "infinite": lambda layer: flat_root(layer.weight) + layer.bias.square().sum(),
    "NaN, though the loss is finite": lambda layer: (
        0 * flat_root(layer.weight) + layer.bias.square().sum()
    ),
}


broken_gradient = pytest.mark.parametrize("kind", BROKEN)


def flat_root(weight):
    """Return √0, whose gradient with respect to each weight is infinite."""
    total = weight.sum()
    return (total - total.detach()).sqrt()


def trained_with_adam(device, dtype=torch.float64):
    """Return a layer and its optimizer after one sound step, so that the optimizer has a past."""
    layer = a_layer(device, dtype)
    optimizer = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=0.1)
    a_loss(layer, device)[0].backward()
    optimizer.step()
    return layer, optimizer


def state_of(optimizer):
    return copy.deepcopy(optimizer.state_dict()["state"])


def clip(layer):
    nn.utils.clip_grad_norm_(layer.parameters(), 1.0)


def zero(layer):
    layer.zero_grad(set_to_none=False)


def step_of_a_copy(kind, layer, optimizer, change):
    """Return the weights of a copy after a step on a broken gradient that is changed before."""
    layer, optimizer = copy.deepcopy((layer, optimizer))
    optimizer.zero_grad()
    BROKEN[kind](layer).backward()
    change(layer)
    optimizer.step()
    return values(layer.parameters())


@broken_gradient
def test_a_broken_gradient_moves_nothing(kind, device):
    # Who puts the largest float32 for infinity finds a finite norm in float64.
    layer, optimizer = trained_with_adam(device, torch.float32)
    before, state = values(layer.parameters()), state_of(optimizer)
    all_the_same = step_of_a_copy(kind, layer, optimizer, clip)
    with_zeros = step_of_a_copy(kind, layer, optimizer, zero)

    report = training.safe_step(layer, optimizer, BROKEN[kind](layer), 1.0)

    check(
        values(layer.parameters()),
        before,
        what=f"weight and bias, which stay when the gradient is {kind}",
        mistakes={
            "the step is taken, though the norm is not finite": all_the_same,
            "the step is taken with a gradient of zeros: it is to be skipped": with_zeros,
        },
    )
    check(
        state_of(optimizer),
        state,
        what=f"the optimizer's state, which stays when the gradient is {kind}",
    )
    check(report.stepped, False, what=f"stepped, when the gradient is {kind}")
    check(
        math.isfinite(report.norm),
        False,
        what=f"isfinite of the reported norm {report.norm}, when the gradient is {kind}",
    )


@broken_gradient
def test_a_broken_gradient_is_cleared(kind, device):
    layer = a_layer(device)
    idle = add_idle_parameters(layer)

    training.safe_step(layer, plain_sgd(layer), BROKEN[kind](layer), 1.0)

    left = [p.grad for p in (layer.weight, layer.bias) if p.grad is not None]
    assert not any(g.count_nonzero() for g in left), (
        f"when the gradient is {kind}, .grad still holds it after the skipped step: clear it"
    )
    stale = [p.grad for p in idle if p.grad is not None]
    assert not any(g.count_nonzero() for g in stale), (
        f"when the gradient is {kind}, a frozen or unused parameter still has its stale gradient "
        "after the skipped step: clear every .grad"
    )


def test_the_reported_norm_decides_where_squares_overflow(device):
    layer = a_layer(device, torch.float32)

    # Whoever measures in float64 finds a finite norm, and steps.
    report = training.safe_step(layer, plain_sgd(layer), (1e30 * layer.weight).sum(), 1.0)

    check(
        report.stepped,
        math.isfinite(report.norm),
        what=f"stepped, with 1e30 for each gradient in float32 and a reported norm {report.norm}",
        mistakes={
            "the elements of the gradient decide, each of which is finite: the norm does": True
        },
    )


def test_a_sound_gradient_is_followed_though_the_loss_is_infinite(device):
    layer = a_layer(device)
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)

    report = training.safe_step(layer, plain_sgd(layer), loss + math.inf, 1e3)

    check(
        moves(layer, before),
        gradient,
        what="the step divided by the learning rate, with an infinite loss and a finite gradient",
        rtol=1e-5,
        mistakes={
            "the loss decides about the step: the norm of the gradient does": [
                torch.zeros_like(g) for g in gradient
            ]
        },
    )
    check(report.stepped, True, what="stepped")


def test_a_step_is_taken_with_a_gradient_of_zeros_too(device):
    layer, optimizer = trained_with_adam(device)
    before = values(layer.parameters())
    due, torchs = copy.deepcopy((layer, optimizer))
    for p in due.parameters():
        p.grad = torch.zeros_like(p)
    torchs.step()

    with situation("with a gradient of zeros"):
        report = training.safe_step(layer, optimizer, 0 * a_loss(layer, device)[0], 1.0)

    check(
        values(layer.parameters()),
        values(due.parameters()),
        what="weight and bias after a step with a gradient of zeros, a past and weight decay",
        rtol=1e-5,
        mistakes={"no step is taken: a norm of 0 is finite": before},
    )
    check(report.stepped, True, what="stepped, when the gradient is zero")


def test_frozen_and_unused_parameters_take_no_part(device):
    model = build(lambda: nn.ModuleList([nn.Linear(3, 2) for _ in range(3)]), device=device)
    used, frozen, unused = model
    frozen.requires_grad_(False)
    leave_stale_gradients(model)
    loss, gradient = a_loss(used, device)
    still = [*frozen.parameters(), *unused.parameters(), *add_idle_parameters(used)]
    before, stale = values(still), values(p.grad for p in [*frozen.parameters(), used.frozen])
    start, optimizer = values([used.weight, used.bias]), an_optimizer(model)

    with situation("with frozen parameters and some that the loss does not use"):
        report = training.safe_step(model, optimizer, loss, 0.5 * norm_of(gradient))

    check(
        report.norm,
        norm_of(gradient),
        what="norm",
        rtol=1e-5,
        mistakes={
            "the stale gradients of frozen parameters count": norm_of([*gradient, *stale]),
            "a weight with two names counts twice": norm_of([*gradient, gradient[0]]),
        },
    )
    check(
        [(a - p.detach()) / RATE for a, p in zip(start, [used.weight, used.bias], strict=True)],
        [g / 2 for g in gradient],
        what="the step of the parameters that are used divided by the learning rate, with the norm "
        "twice max_norm",
        rtol=1e-5,
        mistakes={"a weight with two names is scaled twice": [gradient[0] / 4, gradient[1] / 2]},
    )
    check(
        values(still),
        before,
        what="frozen and unused parameters, one of them with weight decay and no .grad",
    )


def test_an_error_of_backward_is_no_broken_gradient(device):
    layer = a_layer(device)
    loss = FailsInBackward.apply(a_loss(layer, device)[0])

    with raises(RuntimeError, when="backward raises it: let it pass through", naming=["no row 3"]):
        training.safe_step(layer, plain_sgd(layer), loss, 1.0)


def test_a_step_in_float32_with_a_weight_that_is_not_contiguous(device):
    layer = turned(a_layer(device, torch.float32))
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)

    with situation("with a weight that is not contiguous"):
        report = training.safe_step(layer, plain_sgd(layer), loss, 0.1)

    scale = min(1.0, 0.1 / norm_of(gradient))
    due = [p - RATE * scale * g for p, g in zip(before, gradient, strict=True)]
    check(values(layer.parameters()), due, what="weight and bias", rtol=1e-4)
    check(report, training.StepReport(report.norm, stepped=True))
    check(report.norm, norm_of(gradient), what="norm", rtol=1e-4)
