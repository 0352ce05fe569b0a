from itertools import accumulate

import debugging
import pytest
import torch
from torch import nn

from gradkata.checks import build, check, one_by_one, raises, sample, situation, unchanged

from .shared import (
    faint_loss,
    interrupted,
    loss_of,
    small_net,
    three_batches,
    unchanged_by_an_error,
    with_gradients,
)

pytestmark = pytest.mark.task("gradient_norms")


def flat_gradients(model, batches, loss_fn=loss_of):
    """Return the gradient of each batch as one vector."""
    params = [p for p in model.parameters() if p.requires_grad]
    losses = [loss_fn(model(x), y) for x, y in batches]
    each = [torch.autograd.grad(loss, params, allow_unused=True) for loss in losses]
    return [torch.cat([g.flatten() for g in grads if g is not None]) for grads in each]


def lengths(vectors):
    return [v.norm().item() for v in vectors]


def test_each_batch_has_the_norm_of_its_gradient(device):
    model, batches = small_net(device), three_batches(device)
    model[1].eval()
    evaluated = flat_gradients(model, batches)
    model[1].train()
    gradients = flat_gradients(model, batches)
    params = list(model.parameters())
    parts = [g.split([p.numel() for p in params]) for g in gradients]

    with unchanged(model), unchanged(*(t for batch in batches for t in batch)):
        norms = debugging.gradient_norms(model, loss_of, batches)

    check(
        norms,
        lengths(gradients),
        what="the norms",
        mistakes={
            "gradients add up from batch to batch: start each from none": lambda: lengths(
                accumulate(gradients)
            ),
            "the norms of the parameters are added: all together are one long vector": lambda: [
                sum(lengths(split)) for split in parts
            ],
            "the root is left out: the squares are added": lambda: [
                g.square().sum().item() for g in gradients
            ],
            "the largest norm of one parameter is taken": lambda: [
                max(lengths(split)) for split in parts
            ],
            "the model is put into eval mode": lambda: lengths(evaluated),
            "loss_fn gets y first: it takes the output and y": lambda: lengths(
                flat_gradients(model, batches, lambda output, y: loss_of(y, output))
            ),
        },
    )


def test_norms_of_a_float32_model_are_measured_for_batches_from_a_generator(device):
    model = small_net(device, dtype=torch.float32)
    batches = three_batches(device, dtype=torch.float32)

    norms = debugging.gradient_norms(model, loss_of, one_by_one(batches))

    check(
        norms,
        lengths(flat_gradients(model, batches)),
        what="the norms of a generator's batches in float32",
        rtol=1e-5,
    )


def test_what_is_in_grad_has_no_part_in_the_norms_and_stays(device):
    model, batches = with_gradients(small_net(device)), three_batches(device)
    stale = torch.cat([p.grad.flatten() for p in model.parameters()])
    gradients = flat_gradients(model, batches)

    with unchanged(model):
        norms = debugging.gradient_norms(model, loss_of, batches)

    check(
        norms,
        lengths(gradients),
        what="the norms, where .grad holds older gradients",
        mistakes={
            "older gradients are in .grad, and are added to": lambda: lengths(
                accumulate(gradients, initial=stale)
            )[1:],
            "older gradients are in .grad, and are added to in each batch": lambda: lengths(
                [stale + g for g in gradients]
            ),
        },
    )


def test_a_frozen_parameter_adds_nothing(device):
    model, batches = with_gradients(small_net(device)), three_batches(device)
    model[0].weight.requires_grad_(False)

    with unchanged(model), situation("with a frozen parameter"):
        norms = debugging.gradient_norms(model, faint_loss, batches)

    check(
        norms,
        lengths(flat_gradients(model, batches, faint_loss)),
        what="the norms of a faint loss, with a frozen weight",
        atol=0,
    )


def test_a_parameter_that_the_loss_does_not_use_adds_nothing(device):
    model, batches = small_net(device), three_batches(device)
    model.register_parameter("spare", nn.Parameter(sample((4,), device=device)))

    with unchanged(model), situation("with a parameter that the loss does not use"):
        norms = debugging.gradient_norms(model, loss_of, batches)

    check(norms, lengths(flat_gradients(model, batches)), what="the norms with an unused parameter")


def test_a_shared_parameter_counts_once(device):
    model = build(lambda: nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3)), device=device)
    # Its columns lie one behind the other, and so do those of its gradient.
    model[1].weight = model[0].weight = nn.Parameter(model[0].weight.detach().T.contiguous().T)
    batches = [(sample((5, 3), device=device), sample((5, 3), device=device))]
    (gradient,) = flat_gradients(model, batches)
    weight, _ = gradient.split([9, 6])

    with situation("with a weight that two layers share, and that is not contiguous"):
        norms = debugging.gradient_norms(model, loss_of, batches)

    check(
        norms,
        lengths([gradient]),
        what="the norm where two layers share a weight",
        mistakes={
            "the shared weight counts twice": lambda: lengths([torch.cat([gradient, weight])])
        },
    )


def test_grad_comes_back_when_the_batches_are_interrupted(device):
    model = with_gradients(small_net(device))

    with (
        unchanged_by_an_error(model),
        raises(KeyboardInterrupt, when="Ctrl-C stops it: let it pass through"),
    ):
        debugging.gradient_norms(model, loss_of, interrupted(three_batches(device)))
