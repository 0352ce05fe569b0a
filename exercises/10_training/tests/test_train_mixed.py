import math

import numpy as np
import pytest
import torch
import training
from torch.nn import functional as F

from gradkata.checks import check, one_by_one, raises, situation

from .shared import (
    MOMENTUM,
    RATE,
    Probe,
    a_layer,
    add_idle_parameters,
    an_optimizer,
    descent_by_hand,
    fails_in_backward,
    leave_stale_gradients,
    led_astray,
    loss_of,
    some_batches,
    values,
)

pytestmark = pytest.mark.task("train_mixed")


def a_scaler(device):
    """Return a scaler whose scale doubles after each sound step."""
    return torch.amp.GradScaler(device.type, init_scale=2.0**6, growth_interval=1)


def mixed_batches(sizes=(3, 1, 4)):
    """Return float32 batches on the CPU, from where they are to be moved."""
    return some_batches("cpu", sizes, torch.float32)


def mixed_descent(layer, batches, device, *, factor=1.0, kept=0.0, cached=False, loss_fn=loss_of):
    """Return the weights after each step of torch's own mixed precision, and the losses.

    Args:
        layer: where to start.
        batches: one for each step.
        device: where to compute.
        factor: what a mistake multiplies each gradient by.
        kept: how much of the last step's gradient a mistake adds to the next.
        cached: whether by mistake each batch is computed with the weights of the first.
        loss_fn: the loss.
    """
    losses, last, first = [], [0, 0], values(layer.parameters())

    def gradient_of(weights, x, y, scale=2.0**6):
        leaves = [w.detach().requires_grad_() for w in (first if cached else weights)]
        with torch.autocast(device.type):
            loss = loss_fn(F.linear(x, *leaves), y)
        losses.append(loss.item())
        gradients = torch.autograd.grad(loss * scale, leaves)
        last[:] = [factor * g / scale + kept * old for g, old in zip(gradients, last, strict=True)]
        return list(last)

    moved = [(x.to(device), y.to(device)) for x, y in batches]
    path = descent_by_hand(layer, [lambda w, x=x, y=y: gradient_of(w, x, y) for x, y in moved])
    return path, losses


LOW = {"cpu": torch.bfloat16, "cuda": torch.float16}


def test_the_loss_is_float32(device):
    layer = a_layer(device, torch.float32)

    def loss_fn(output, y):
        loss = F.cross_entropy(output, y)
        assert loss.dtype == torch.float32, (
            f"the cross-entropy is computed in {loss.dtype}: compute the loss under autocast too, "
            "or from output.float()"
        )
        return loss

    batches = [(x, torch.tensor([0, 1, 1, 0])[: len(x)]) for x, _ in mixed_batches()]
    training.train_mixed(
        layer, an_optimizer(layer), loss_fn, batches, device=device, scaler=a_scaler(device)
    )


def test_parameters_stay_float32(device):
    layer, stored = a_layer(device, torch.float32), []
    layer.register_forward_pre_hook(lambda module, inputs: stored.append(module.weight.dtype))

    training.train_mixed(
        layer,
        an_optimizer(layer),
        loss_of,
        mixed_batches(),
        device=device,
        scaler=a_scaler(device),
    )

    other = {layer.weight.dtype, *stored} - {torch.float32}
    assert not other, (
        f"the parameters are {other.pop()} while the model runs or after it, and so small steps "
        "are lost: leave them float32, autocast converts what it needs"
    )


def test_the_model_computes_in_low_precision(device):
    model = Probe(a_layer(device, torch.float32))

    training.train_mixed(
        model,
        an_optimizer(model),
        loss_of,
        mixed_batches(),
        device=device,
        scaler=a_scaler(device),
    )

    due, seen = LOW[device.type], {run.dtype for run in model.seen}
    assert seen == {due}, (
        f"the model gives {seen.pop()}, under autocast on {device.type} it gives {due}: "
        "run it inside torch.autocast(device.type)"
    )
    given = {run.x.dtype for run in model.seen} - {torch.float32}
    assert not given, (
        f"the model takes x in {given.pop()}, the batches have float32: "
        "move x to the device as it is, autocast converts what it needs"
    )


def test_a_mixed_step_follows_the_unscaled_gradient(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches((3,))
    optimizer = an_optimizer(layer)
    path, _ = mixed_descent(layer, batches, device)
    unscaled, _ = mixed_descent(layer, batches, device, factor=2.0**-6)
    scaled, _ = mixed_descent(layer, batches, device, factor=2.0**6)
    swapped, _ = mixed_descent(layer, batches, device, loss_fn=lambda output, y: loss_of(y, output))

    training.train_mixed(layer, optimizer, loss_of, batches, device=device, scaler=a_scaler(device))

    check(
        values(layer.parameters()),
        path[-1],
        what="weight and bias after one batch",
        rtol=1e-3,
        atol=1e-4,
        mistakes={
            "no step is taken": path[0],
            "a loss that was not scaled is unscaled by scaler.step": unscaled[-1],
            "the step follows the scaled gradient: let scaler.step take it": scaled[-1],
            "loss_fn gets y first: it takes the output and y": swapped[-1],
            "scaler.step takes the step, and optimizer.step takes another": [
                a + (2 + MOMENTUM) * (b - a) for a, b in zip(*path, strict=True)
            ],
        },
    )


def test_a_mixed_epoch_steps_once_for_each_batch(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches((3, 4))
    optimizer = an_optimizer(layer)
    path, _ = mixed_descent(layer, batches, device)
    # What is left in .grad was unscaled; the next scale is 128.
    piling_up, _ = mixed_descent(layer, batches, device, kept=2.0**-7)
    cached, _ = mixed_descent(layer, batches, device, cached=True)

    training.train_mixed(
        layer, optimizer, loss_of, one_by_one(batches), device=device, scaler=a_scaler(device)
    )

    check(
        values(layer.parameters()),
        path[-1],
        what="weight and bias after two batches from a generator",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "gradients are never cleared, and so pile up from batch to batch": piling_up[-1],
            "the first batch alone is trained on": path[1],
            "no step is taken": path[0],
            "one autocast around all batches keeps the first 16-bit copies of the weights": (
                cached[-1]
            ),
        },
    )


def test_a_mixed_epoch_returns_the_mean_loss_per_sample(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches()
    optimizer = an_optimizer(layer)
    _, losses = mixed_descent(layer, batches, device)

    loss = training.train_mixed(
        layer, optimizer, loss_of, batches, device=device, scaler=a_scaler(device)
    )

    mean = float(np.average(losses, weights=[3, 1, 4]))
    check(
        loss,
        mean,
        what="the loss of an epoch with batches of 3, 1 and 4 samples",
        rtol=1e-3,
        mistakes={
            "the scaled loss is returned": [2**6 * 3, 2**7 * 1, 2**8 * 4] @ np.array(losses) / 8,
            "each batch counts the same, whatever its size": float(np.mean(losses)),
            "the losses of the batches are added up": float(np.sum(losses)),
        },
    )


def test_a_mixed_epoch_drops_stale_gradients(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches((3,))
    (_, due), _ = mixed_descent(layer, batches, device)
    leave_stale_gradients(layer)
    # Backward adds to them, and all is divided by the scale, 64.
    late = [w - RATE * p.grad / 2**6 for w, p in zip(due, layer.parameters(), strict=True)]
    idle = add_idle_parameters(layer)
    before, astray = values(idle), led_astray(idle, 1, scale=2**6)

    with situation("with a frozen parameter and two that the loss does not use"):
        training.train_mixed(
            layer, an_optimizer(layer), loss_of, batches, device=device, scaler=a_scaler(device)
        )

    check(
        values([layer.weight, layer.bias]),
        due,
        what="weight and bias after an epoch that began with stale gradients",
        rtol=1e-4,
        atol=1e-5,
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


def test_backward_runs_outside_autocast(device):
    layer, inside = a_layer(device, torch.float32), []

    def loss_fn(output, y):
        output.register_hook(lambda g: inside.append(torch.is_autocast_enabled(device.type)))
        return loss_of(output, y)

    training.train_mixed(
        layer, an_optimizer(layer), loss_fn, mixed_batches(), device=device, scaler=a_scaler(device)
    )

    assert inside, "no backward has gone through the output of the model"
    assert not any(inside), (
        "backward runs under autocast: end the with-block after the loss; "
        "backward takes the dtypes that forward took"
    )


def test_an_error_of_backward_passes_through(device):
    layer = a_layer(device, torch.float32)

    with raises(RuntimeError, when="backward raises it", advice="let it pass through"):
        training.train_mixed(
            layer,
            an_optimizer(layer),
            fails_in_backward,
            mixed_batches(),
            device=device,
            scaler=a_scaler(device),
        )


def test_the_scaler_is_used_for_each_batch(device):
    layer, scaler = a_layer(device, torch.float32), a_scaler(device)

    training.train_mixed(
        layer, an_optimizer(layer), loss_of, mixed_batches(), device=device, scaler=scaler
    )

    check(
        scaler.get_scale(),
        2.0**9,
        what="the scale after 3 sound batches, doubled after each, from 64",
        mistakes={
            "scaler.update() is not called, or the scaler not used at all": 2.0**6,
            "scaler.update() is called once, after all batches": 2.0**7,
        },
    )


def test_a_batch_that_overflows_moves_nothing_but_the_scale(device):
    layer, scaler = a_layer(device, torch.float32), a_scaler(device)
    ((x, y),) = mixed_batches((1,))
    optimizer, before = an_optimizer(layer), values(layer.parameters())

    loss = training.train_mixed(
        layer, optimizer, loss_of, [(x, y + math.inf)], device=device, scaler=scaler
    )

    check(
        values(layer.parameters()),
        before,
        what="weight and bias after a batch whose gradient is not finite",
    )
    check(scaler.get_scale(), 2.0**5, what="the scale after a gradient that is not finite, from 64")
    check(
        loss,
        math.inf,
        what="the loss of an epoch of one sample, which is infinite",
        mistakes={"the skipped batch is left out of the mean": 0.0},
    )


def test_the_loss_of_a_skipped_batch_counts_too(device):
    layer, ((x, y), sound) = a_layer(device, torch.float32), mixed_batches((3, 4))
    optimizer, scaler = an_optimizer(layer), a_scaler(device)
    (_, due), (sound_loss,) = mixed_descent(layer, [sound], device)

    with situation("with a batch whose loss is NaN before a sound one"):
        loss = training.train_mixed(
            layer,
            optimizer,
            loss_of,
            [(x, y + math.nan), sound],
            device=device,
            scaler=scaler,
        )

    check(
        values(layer.parameters()),
        due,
        what="weight and bias after a batch that is skipped and a sound one",
        rtol=1e-4,
        atol=1e-5,
    )
    check(
        scaler.get_scale(),
        2.0**6,
        what="the scale after a gradient that is NaN and a sound one, from 64",
        mistakes={"NaN is made a number, and the batch not skipped: let it through": 2.0**8},
    )
    check(
        loss,
        math.nan,
        what="the mean loss of a batch whose loss is NaN and a sound one",
        mistakes={
            "the skipped batch is left out of the mean": sound_loss,
            "NaN counts as 0: let it through": sound_loss * 4 / 7,
        },
    )
