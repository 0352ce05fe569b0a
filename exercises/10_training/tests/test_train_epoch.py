import math

import numpy as np
import pytest
import torch
import training

from gradkata.checks import check, one_by_one, raises, situation

from .shared import (
    STEEP,
    Probe,
    a_layer,
    add_idle_parameters,
    an_optimizer,
    batchwise,
    descent_by_hand,
    fails_in_backward,
    gradient_by_hand,
    leave_stale_gradients,
    led_astray,
    loss_of,
    modes_of,
    some_batches,
    steep_loss,
    steeply,
    values,
)

pytestmark = pytest.mark.task("train_epoch")


def loss_by_hand(weights, x, y):
    return (x @ weights[0].T + weights[1] - 2 * y).square().mean().item()


def test_an_epoch_steps_once_for_each_batch(device):
    layer, batches = a_layer(device), some_batches(device, sizes=(4, 4, 4))
    optimizer = an_optimizer(layer)
    # The second batch is fitted when its turn comes, and momentum alone moves the layer on.
    x, (weight, bias) = batches[1][0], descent_by_hand(layer, batchwise(batches[:1]))[-1]
    batches[1] = x, (x @ weight.T + bias) / 2
    path = descent_by_hand(layer, batchwise(batches))
    piling_up = descent_by_hand(layer, batchwise(batches), cleared="never")
    in_one = descent_by_hand(
        layer, [lambda w: [sum(g) for g in zip(*(g(w) for g in batchwise(batches)), strict=True)]]
    )

    passed_over = descent_by_hand(layer, batchwise([batches[0], batches[2]]))[-1]
    # Of y - 2 (x w + b) the mean square, and its gradient.
    swapped = descent_by_hand(
        layer,
        [
            lambda w, x=x, y=y: [-2 * g for g in gradient_by_hand([-2 * t for t in w], x, -y / 2)]
            for x, y in batches
        ],
    )

    training.train_epoch(layer, optimizer, loss_of, batches)

    check(
        values(layer.parameters()),
        path[-1],
        what="weight and bias after three batches",
        mistakes={
            "no step is taken": path[0],
            "gradients are never cleared, and so pile up from batch to batch": piling_up[-1],
            "the step is taken once, after all batches": in_one[-1],
            "the first batch alone is trained on": path[1],
            "a batch with a loss of 0 is passed over: it has a step too": passed_over,
            "loss_fn gets y first: it takes the output and y": swapped[-1],
        },
    )


def test_an_epoch_returns_the_mean_loss_per_sample(device):
    layer, batches = a_layer(device), some_batches(device, sizes=(3, 1, 4))
    optimizer = an_optimizer(layer)
    path = descent_by_hand(layer, batchwise(batches))
    before = [loss_by_hand(w, x, y) for w, (x, y) in zip(path[:-1], batches, strict=True)]
    after = [loss_by_hand(w, x, y) for w, (x, y) in zip(path[1:], batches, strict=True)]

    loss = training.train_epoch(layer, optimizer, loss_of, batches)

    check(
        loss,
        float(np.average(before, weights=[3, 1, 4])),
        what="the loss of an epoch with batches of 3, 1 and 4 samples",
        rtol=1e-6,
        mistakes={
            "each batch counts the same, whatever its size": float(np.mean(before)),
            "the loss is taken after the step": float(np.average(after, weights=[3, 1, 4])),
            "the losses of the batches are added up": float(np.sum(before)),
            "the losses are not divided by the number of samples": float(np.dot(before, [3, 1, 4])),
            "the sum of the batches' losses is divided by the number of samples": float(
                np.sum(before) / 8
            ),
            "the losses, each times its size, are divided by the number of batches": float(
                np.dot(before, [3, 1, 4]) / 3
            ),
            "the last batch alone is counted": before[-1],
        },
    )


def test_an_epoch_drops_stale_gradients(device):
    layer, batches = a_layer(device), some_batches(device)
    leave_stale_gradients(layer)
    due = descent_by_hand(layer, batchwise(batches))[-1]
    late = descent_by_hand(layer, batchwise(batches), cleared="after")[-1]
    idle = add_idle_parameters(layer)
    before, astray = values(idle), led_astray(idle, len(batches))

    with situation("with a frozen parameter and two that the loss does not use"):
        training.train_epoch(layer, an_optimizer(layer), loss_of, batches)

    check(
        values([layer.weight, layer.bias]),
        due,
        what="weight and bias after an epoch that began with stale gradients",
        mistakes={
            "gradients are cleared only after the step: the first step follows stale ones": late
        },
    )
    check(
        values(idle),
        before,
        what="a frozen parameter and two that the loss does not use, one of them without a .grad",
        mistakes=astray,
    )


@pytest.mark.parametrize("size", [math.inf, math.nan], ids=str)
def test_an_epoch_steps_on_a_loss_that_is_not_finite_too(size, device):
    layer, batches = a_layer(device), some_batches(device, sizes=(3, 4, 1))
    batches[-1][1][0, 0] = size  # so are the gradients of the first output; the others are large
    path = descent_by_hand(layer, steeply(batchwise(batches)))
    before = [STEEP * loss_by_hand(w, x, y) for w, (x, y) in zip(path, batches[:2], strict=False)]

    taken, optimizer = [], an_optimizer(layer)
    optimizer.register_step_post_hook(lambda *_: taken.append(values(layer.parameters())))

    loss = training.train_epoch(layer, optimizer, steep_loss, batches)

    check(
        taken,
        path[1:],
        what=f"weight and bias after two steps with a large loss and one with a loss of {size}",
        mistakes={"a batch whose loss is not finite is passed over: it has a step too": path[1:-1]},
        rtol=1e-6,
    )
    check(
        loss,
        size,
        what=f"the loss of an epoch of which one batch has a loss of {size}",
        mistakes={
            "what is not finite is left out": float(np.average(before, weights=[3, 4])),
            "what is not finite counts as 0: let it through": float(np.dot(before, [3, 4]) / 8),
        },
    )


def test_an_epoch_takes_a_generator_in_float32(device):
    layer, batches = a_layer(device, torch.float32), some_batches(device, dtype=torch.float32)
    optimizer = an_optimizer(layer)
    path = descent_by_hand(layer, batchwise(batches))
    losses = [loss_by_hand(w, x, y) for w, (x, y) in zip(path[:-1], batches, strict=True)]

    loss = training.train_epoch(layer, optimizer, loss_of, one_by_one(batches))

    check(
        loss,
        float(np.average(losses, weights=[3, 1, 4])),
        what="the loss of an epoch whose batches come from a generator",
        rtol=1e-5,
        mistakes={"the generator is used up before the loop that trains: loop once": 0.0},
    )
    check(values(layer.parameters()), path[-1], what="weight and bias", rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("none", [list, lambda: one_by_one([])], ids=["list", "generator"])
def test_an_epoch_without_data_is_an_error(none, device):
    layer = a_layer(device)

    with raises(ValueError, when="there is no batch", advice="count the samples"):
        training.train_epoch(layer, an_optimizer(layer), loss_of, none())


def test_an_error_of_backward_passes_through(device):
    layer = a_layer(device)

    with raises(RuntimeError, when="backward raises it", advice="let it pass through"):
        training.train_epoch(layer, an_optimizer(layer), fails_in_backward, some_batches(device))


@pytest.mark.parametrize("whole", [True, False], ids=["train", "eval"])
def test_an_epoch_leaves_the_mode_alone(whole, device):
    model = Probe(a_layer(device)).train(whole)
    model.model.training = not whole
    due = modes_of(model)

    training.train_epoch(model, an_optimizer(model), loss_of, some_batches(device))

    during = [run.modes for run in model.seen]
    assert modes_of(model) == due, "the mode, train or eval, is another after the epoch: leave it"
    assert all(modes == due for modes in during), (
        "the mode, train or eval, is another while the epoch runs: the caller has chosen it"
    )
