"""Each loop is compared with formulas worked out by hand for a linear layer, and by its traces."""

import copy
import math
from collections import Counter
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import training
from torch import nn
from torch.nn import functional as F

from gradkata.checks import build, check, raises, sample, situation, unchanged

RATE, MOMENTUM = 0.3, 0.5


def a_layer(device, dtype=torch.float64):
    return build(lambda: nn.Linear(3, 2), device=device).to(dtype)


def an_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=RATE, momentum=MOMENTUM)


def some_batches(device, sizes=(3, 1, 4), dtype=torch.float64):
    """Return batches for `a_layer`, of these sizes."""
    return [
        (sample((n, 3), device=device, dtype=dtype), sample((n, 2), device=device, dtype=dtype))
        for n in sizes
    ]


def one_by_one(items):
    """Give the items as a generator, which can be gone through once."""
    yield from items


def values(tensors):
    return [t.detach().clone() for t in tensors]


def leave_stale_gradients(model):
    for p in model.parameters():
        p.grad = sample(p.shape, device=p.device, dtype=p.dtype)


def loss_by_hand(weights, x, y):
    return (x @ weights[0].T + weights[1] - y).square().mean().item()


def gradient_by_hand(weights, x, y):
    """Return the gradient of the mean squared error of a linear layer."""
    error = x @ weights[0].T + weights[1] - y
    return [2 * error.T @ x / error.numel(), 2 * error.sum(0) / error.numel()]


def descent_by_hand(layer, gradients, *, cleared="before"):
    """Return the layer's weights before the first step and after each.

    Args:
        layer: where to start.
        gradients: for each step a function from weights to their gradient.
        cleared: `before` each backward, `after` each step or `never`.
    """
    path, velocity = [values(layer.parameters())], [0, 0]
    old = [0 if p.grad is None or cleared == "before" else p.grad for p in layer.parameters()]
    for gradient in gradients:
        g = [a + b for a, b in zip(old, gradient(path[-1]), strict=True)]
        velocity = [MOMENTUM * v + a for v, a in zip(velocity, g, strict=True)]
        path.append([w - RATE * v for w, v in zip(path[-1], velocity, strict=True)])
        old = g if cleared == "never" else [0, 0]
    return path


def batchwise(batches):
    """Return the gradient of each batch, as `descent_by_hand` takes it."""
    return [lambda w, x=x, y=y: gradient_by_hand(w, x, y) for x, y in batches]


class Probe(nn.Module):
    """A model that notes how it is run: an entry in `seen` for each call."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.seen = []
        # A copy of this module notes its runs in the same list.
        self.note = self.seen.append

    def forward(self, x):
        y = self.model(x)
        self.note(
            SimpleNamespace(
                x=x, modes=modes_of(self), recording=torch.is_grad_enabled(), dtype=y.dtype
            )
        )
        return y


def modes_of(model):
    return [module.training for module in model.modules()]


# train_epoch


@pytest.mark.task("train_epoch")
def test_an_epoch_steps_once_for_each_batch(device):
    layer, batches = a_layer(device), some_batches(device, sizes=(4, 4, 4))
    optimizer = an_optimizer(layer)
    path = descent_by_hand(layer, batchwise(batches))
    piling_up = descent_by_hand(layer, batchwise(batches), cleared="never")
    in_one = descent_by_hand(
        layer, [lambda w: [sum(g) for g in zip(*(g(w) for g in batchwise(batches)), strict=True)]]
    )

    training.train_epoch(layer, optimizer, F.mse_loss, batches)

    check(
        values(layer.parameters()),
        path[-1],
        what="weight and bias after three batches",
        mistakes={
            "no step is taken": path[0],
            "gradients are never cleared, and so pile up from batch to batch": piling_up[-1],
            "the step is taken once, after all batches": in_one[-1],
            "the first batch alone is trained on": path[1],
        },
    )


@pytest.mark.task("train_epoch")
def test_an_epoch_returns_the_mean_loss_per_sample(device):
    layer, batches = a_layer(device), some_batches(device, sizes=(3, 1, 4))
    optimizer = an_optimizer(layer)
    path = descent_by_hand(layer, batchwise(batches))
    before = [loss_by_hand(w, x, y) for w, (x, y) in zip(path[:-1], batches, strict=True)]
    after = [loss_by_hand(w, x, y) for w, (x, y) in zip(path[1:], batches, strict=True)]

    loss = training.train_epoch(layer, optimizer, F.mse_loss, batches)

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


@pytest.mark.task("train_epoch")
def test_an_epoch_drops_stale_gradients(device):
    layer, batches = a_layer(device), some_batches(device)
    leave_stale_gradients(layer)
    optimizer = an_optimizer(layer)
    due = descent_by_hand(layer, batchwise(batches))[-1]
    late = descent_by_hand(layer, batchwise(batches), cleared="after")[-1]

    training.train_epoch(layer, optimizer, F.mse_loss, batches)

    check(
        values(layer.parameters()),
        due,
        what="weight and bias after an epoch that began with stale gradients",
        mistakes={
            "gradients are cleared only after the step: the first step follows stale ones": late
        },
    )


@pytest.mark.task("train_epoch")
def test_an_epoch_takes_a_generator_in_float32(device):
    layer, batches = a_layer(device, torch.float32), some_batches(device, dtype=torch.float32)
    optimizer = an_optimizer(layer)
    path = descent_by_hand(layer, batchwise(batches))
    losses = [loss_by_hand(w, x, y) for w, (x, y) in zip(path[:-1], batches, strict=True)]

    loss = training.train_epoch(layer, optimizer, F.mse_loss, one_by_one(batches))

    check(
        loss,
        float(np.average(losses, weights=[3, 1, 4])),
        what="the loss of an epoch whose batches come from a generator",
        rtol=1e-5,
        mistakes={"the generator is used up before the loop that trains: loop once": 0.0},
    )
    check(values(layer.parameters()), path[-1], what="weight and bias", rtol=1e-4, atol=1e-5)


@pytest.mark.task("train_epoch")
@pytest.mark.parametrize("none", [list, lambda: one_by_one([])], ids=["list", "generator"])
def test_an_epoch_without_data_is_an_error(none, device):
    layer = a_layer(device)

    with raises(ValueError, when="there is no batch", advice="count the samples"):
        training.train_epoch(layer, an_optimizer(layer), F.mse_loss, none())


@pytest.mark.task("train_epoch")
@pytest.mark.parametrize("whole", [True, False], ids=["train", "eval"])
def test_an_epoch_leaves_the_mode_alone(whole, device):
    model = Probe(a_layer(device)).train(whole)
    model.model.training = not whole
    due = modes_of(model)

    training.train_epoch(model, an_optimizer(model), F.mse_loss, some_batches(device))

    during = [run.modes for run in model.seen]
    assert modes_of(model) == due, "the mode, train or eval, is another after the epoch: leave it"
    assert all(modes == due for modes in during), (
        "the mode, train or eval, is another while the epoch runs: the caller has chosen it"
    )


# evaluate


def scores(answers, classes, device):
    """Return scores below 0 of which the largest in each row are at `answers`."""
    hot = F.one_hot(torch.tensor(answers, device=device), classes).double()
    return hot - sample(hot.shape, device=device, low=2.0, high=2.5)


def graded(answers, labels, device, classes=3):
    """Return a batch for nn.Identity, which answers `answers` where `labels` is right."""
    return scores(answers, classes, device), torch.tensor(labels, device=device)


@pytest.mark.task("evaluate")
def test_accuracy_is_the_share_of_samples_that_are_right(device):
    batch = graded([1, 2, 3, 4, 0], [1, 2, 3, 2, 4], device, classes=5)

    accuracy = training.evaluate(nn.Identity(), [batch])

    check(
        accuracy,
        3 / 5,
        what="the accuracy of 3 right out of 5",
        rtol=1e-6,
        mistakes={
            "the wrong ones are counted": 2 / 5,
            "the right ones are not divided by the number of samples": 3.0,
            "it is given in percent": 60.0,
            "the largest score of each class is taken, not of each sample": lambda: (
                (batch[0].argmax(0) == batch[1]).double().mean().item()
            ),
        },
    )


@pytest.mark.task("evaluate")
def test_accuracy_counts_samples_and_not_batches(device):
    batches = [
        graded([0, 1, 2, 1, 0], [0, 1, 2, 1, 2], device),
        graded([1], [2], device),
        graded([2, 0], [2, 1], device),
    ]

    accuracy = training.evaluate(nn.Identity(), batches)

    check(
        accuracy,
        5 / 8,
        what="the accuracy of 4 right out of 5, 0 of 1 and 1 of 2",
        rtol=1e-6,
        mistakes={
            "each batch counts the same, whatever its size": (4 / 5 + 0 + 1 / 2) / 3,
            "the last batch alone is counted": 1 / 2,
            "the first batch alone is counted": 4 / 5,
            "the right ones are not divided by the number of samples": 5.0,
            "the right ones are divided by the number of batches": 5 / 3,
        },
    )


@pytest.mark.task("evaluate")
def test_accuracy_goes_through_a_generator_once(device):
    batches = [graded([0, 4], [0, 4], device, 5), graded([3, 1, 2], [3, 0, 0], device, 5)]

    accuracy = training.evaluate(nn.Identity(), one_by_one(batches))

    check(accuracy, 3 / 5, what="the accuracy of 3 right out of 5 from a generator", rtol=1e-6)


def a_classifier(device):
    """Return a probe with a batch norm, in train mode but for one layer."""
    model = Probe(
        build(lambda: nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)), device=device)
    ).train()
    model.model[0].eval()
    return model


def classified(device, sizes=(3, 2)):
    return [
        (sample((n, 3), device=device), torch.tensor([1, 0, 3, 2][:n], device=device))
        for n in sizes
    ]


@pytest.mark.task("evaluate")
def test_evaluation_runs_every_module_in_eval_mode(device):
    model = a_classifier(device)

    training.evaluate(model, classified(device))

    assert not any(any(run.modes) for run in model.seen), (
        "the model runs in train mode: dropout and batch norm compute something else there, "
        "call model.eval() first"
    )


@pytest.mark.task("evaluate")
def test_evaluation_records_no_graph(device):
    model = a_classifier(device)

    training.evaluate(model, classified(device))

    assert not any(run.recording for run in model.seen), (
        "the model runs with recording on, and builds a graph that no one needs: "
        "run it under torch.no_grad()"
    )


@pytest.mark.task("evaluate")
def test_evaluation_gives_each_module_its_own_mode_back(device):
    model = a_classifier(device)
    before, leaf = modes_of(model), model.model[0].weight
    leaf.grad = sample(leaf.shape, device=device)

    with unchanged(*model.parameters(), *model.buffers()):
        training.evaluate(model, classified(device))

    assert any(modes_of(model)), "the model was in train mode and is left in eval mode"
    assert modes_of(model) == before, (
        "a submodule that was in eval mode comes back in train mode: "
        "model.train() sets them all, give each its own mode back"
    )


@pytest.mark.task("evaluate")
def test_evaluation_gives_a_shared_module_its_own_mode_back(device):
    shared = nn.Identity()
    model = nn.Sequential(nn.Sequential(shared), nn.Sequential(shared))
    shared.eval()
    before = modes_of(model)

    training.evaluate(model, [graded([0, 1], [0, 2], device)])

    assert modes_of(model) == before, (
        "a submodule in eval mode, which two others in train mode share, comes back in another: "
        "train(mode) sets all that is inside a module too, set the attribute `training` of each"
    )


@pytest.mark.task("evaluate")
def test_evaluation_gives_the_mode_back_after_an_error(device):
    model = a_classifier(device)
    before = modes_of(model)
    too_wide = sample((2, 7), device=device), torch.tensor([0, 1], device=device)

    with raises(RuntimeError, when="the model raises it", advice="let the model's error through"):
        training.evaluate(model, [*classified(device), too_wide])

    assert modes_of(model) == before, (
        "after an error in the model, the modes are not what they were: "
        "give them back in a finally block"
    )


@pytest.mark.task("evaluate")
@pytest.mark.parametrize("none", [list, lambda: one_by_one([])], ids=["list", "generator"])
def test_evaluation_without_data_is_an_error(none, device):
    model = a_classifier(device)
    before = modes_of(model)

    with raises(ValueError, when="there is no batch", advice="count the samples"):
        training.evaluate(model, none())

    assert modes_of(model) == before, (
        "without data, the modes are not what they were: give them back before you raise"
    )


# safe_step


def a_loss(layer, device):
    """Return the loss of a batch, and its gradient by hand."""
    ((x, y),) = some_batches(device, sizes=(5,), dtype=layer.weight.dtype)
    return F.mse_loss(layer(x), y), gradient_by_hand(values(layer.parameters()), x, y)


def norm_of(gradients):
    return math.sqrt(sum(g.square().sum().item() for g in gradients))


def moves(layer, before):
    """Return how far each parameter has moved against its gradient, per learning rate."""
    return [(a - b.detach()) / RATE for a, b in zip(before, layer.parameters(), strict=True)]


def plain_sgd(model):
    return torch.optim.SGD(model.parameters(), lr=RATE)


@pytest.mark.task("safe_step")
def test_a_small_gradient_is_followed_as_it_is(device):
    layer = a_layer(device)
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)
    max_norm = 2 * norm_of(gradient)

    report = training.safe_step(layer, plain_sgd(layer), loss, max_norm)

    check(
        moves(layer, before),
        gradient,
        what="the step divided by the learning rate, with the norm half of max_norm",
        rtol=1e-5,
        mistakes={
            "no step is taken": [torch.zeros_like(g) for g in gradient],
            "every gradient is scaled to max_norm, a small one too": [2 * g for g in gradient],
        },
    )
    assert isinstance(report, training.StepReport), (
        f"it returns a {type(report).__name__}, a StepReport is due"
    )
    check(report.norm, norm_of(gradient), what="norm", rtol=1e-5)
    check(report.stepped, True, what="stepped")


@pytest.mark.task("safe_step")
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


@pytest.mark.task("safe_step")
def test_the_reported_norm_is_the_one_before_clipping(device):
    layer = a_layer(device)
    loss, gradient = a_loss(layer, device)
    norm = norm_of(gradient)

    report = training.safe_step(layer, plain_sgd(layer), loss, norm / 4)

    check(
        report.norm,
        norm,
        what="norm, four times max_norm",
        rtol=1e-5,
        mistakes={
            "the norm after clipping is reported": norm / 4,
            "the norm of one parameter's gradient is reported": gradient[-1].norm().item(),
            "the norms of the parameters are added up": sum(g.norm().item() for g in gradient),
            "the square of the norm is reported": norm**2,
        },
    )
    check(report.stepped, True, what="stepped")


@pytest.mark.task("safe_step")
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


def trained_with_adam(device):
    """Return a layer and its optimizer after one sound step, so that the optimizer has a past."""
    layer = a_layer(device)
    optimizer = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=0.1)
    a_loss(layer, device)[0].backward()
    optimizer.step()
    return layer, optimizer


def state_of(optimizer):
    return copy.deepcopy(optimizer.state_dict()["state"])


@pytest.mark.task("safe_step")
@broken_gradient
def test_a_broken_gradient_moves_nothing(kind, device):
    layer, optimizer = trained_with_adam(device)
    before, state = values(layer.parameters()), state_of(optimizer)

    report = training.safe_step(layer, optimizer, BROKEN[kind](layer), 1.0)

    check(
        values(layer.parameters()),
        before,
        what=f"weight and bias, which stay when the gradient is {kind}",
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


@pytest.mark.task("safe_step")
@broken_gradient
def test_a_broken_gradient_is_cleared(kind, device):
    layer = a_layer(device)

    training.safe_step(layer, plain_sgd(layer), BROKEN[kind](layer), 1.0)

    left = [p.grad for p in layer.parameters() if p.grad is not None]
    assert not any(g.count_nonzero() for g in left), (
        f"when the gradient is {kind}, .grad still holds it after the skipped step: clear it"
    )


@pytest.mark.task("safe_step")
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


@pytest.mark.task("safe_step")
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


@pytest.mark.task("safe_step")
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


@pytest.mark.task("safe_step")
def test_frozen_and_unused_parameters_take_no_part(device):
    model = build(lambda: nn.ModuleList([nn.Linear(3, 2) for _ in range(3)]), device=device)
    used, frozen, unused = model
    frozen.requires_grad_(False)
    loss, gradient = a_loss(used, device)
    still = [*frozen.parameters(), *unused.parameters()]
    before = values(still)

    with situation("with a frozen parameter and one that the loss does not use"):
        report = training.safe_step(model, plain_sgd(model), loss, 1.0)

    check(report.norm, norm_of(gradient), what="norm", rtol=1e-5)
    check(values(still), before, what="frozen and unused parameters")


@pytest.mark.task("safe_step")
def test_a_step_in_float32(device):
    layer = a_layer(device, torch.float32)
    before, (loss, gradient) = values(layer.parameters()), a_loss(layer, device)

    report = training.safe_step(layer, plain_sgd(layer), loss, 0.1)

    scale = min(1.0, 0.1 / norm_of(gradient))
    due = [p - RATE * scale * g for p, g in zip(before, gradient, strict=True)]
    check(values(layer.parameters()), due, what="weight and bias", rtol=1e-4)
    check(report, training.StepReport(report.norm, stepped=True))
    check(report.norm, norm_of(gradient), what="norm", rtol=1e-4)


# train_accumulated


def groupwise(batches, every, share=lambda size, group: size / sum(group)):
    """Return the gradient of each group of micro-batches, as `descent_by_hand` takes it.

    Args:
        batches: the micro-batches.
        every: how many make a group.
        share: the weight of a micro-batch, from its size and the sizes of its group.
    """
    groups = [batches[i : i + every] for i in range(0, len(batches), every)]

    def gradient(weights, group):
        sizes = [len(y) for _, y in group]
        parts = [
            [share(len(y), sizes) * g for g in gradient_by_hand(weights, x, y)] for x, y in group
        ]
        return [sum(part) for part in zip(*parts, strict=True)]

    return [lambda w, group=group: gradient(w, group) for group in groups]


def known_mistakes(layer, batches, every):
    start = copy.deepcopy(layer)

    def ends(gradients, **options):
        return lambda: descent_by_hand(start, gradients, **options)[-1]

    return {
        "the last group, which is smaller, is dropped": ends(
            groupwise(batches[: len(batches) // every * every], every)
        ),
        "each micro-batch counts the same, whatever its size": ends(
            groupwise(batches, every, lambda size, group: 1 / len(group))
        ),
        "each micro-batch is divided by every, also in a last group that has fewer": ends(
            groupwise(batches, every, lambda size, group: 1 / every)
        ),
        "the gradients of a group are added up and not divided": ends(
            groupwise(batches, every, lambda size, group: 1)
        ),
        "the mean is taken over all micro-batches, not over those of the group": ends(
            groupwise(batches, every, lambda size, group: 1 / len(batches))
        ),
        "each micro-batch is weighted by its size, and the sum is not divided": ends(
            groupwise(batches, every, lambda size, group: size)
        ),
        "each micro-batch is divided by its size": ends(
            groupwise(batches, every, lambda size, group: 1 / size)
        ),
        "the mean is taken over the samples of all micro-batches, not over the group's": ends(
            groupwise(batches, every, lambda size, group: size / sum(len(y) for _, y in batches))
        ),
        "gradients are not cleared between two steps": ends(
            groupwise(batches, every), cleared="never"
        ),
        "each micro-batch has a step of its own": ends(batchwise(batches)),
        "there is one step, after all micro-batches": ends(groupwise(batches, len(batches))),
        "no step is taken": values(layer.parameters()),
    }


@pytest.mark.task("train_accumulated")
@pytest.mark.parametrize(
    ("sizes", "every"),
    [
        ((3, 3, 3, 3), 2),
        ((3, 3, 3, 3, 3), 2),
        ((3, 1, 2, 5), 2),
        ((3, 1, 2, 5, 4, 1, 2, 1), 3),
        ((2, 1), 1),
        ((2, 1, 3), 9),
    ],
    ids=["even", "left over", "uneven", "uneven, left over", "every 1", "every 9"],
)
def test_each_step_is_that_of_one_large_batch(sizes, every, device):
    layer, batches = a_layer(device), some_batches(device, sizes)
    optimizer = an_optimizer(layer)
    large = [
        tuple(torch.cat(parts) for parts in zip(*batches[i : i + every], strict=True))
        for i in range(0, len(batches), every)
    ]
    due, mistakes = descent_by_hand(layer, batchwise(large)), known_mistakes(layer, batches, every)

    steps = training.train_accumulated(layer, optimizer, F.mse_loss, batches, every)

    of = ", ".join(map(str, sizes))
    check(
        values(layer.parameters()),
        due[-1],
        what=f"weight and bias after micro-batches of {of} samples with every = {every}",
        mistakes=mistakes,
    )
    check(steps, len(large), what=f"the steps for {len(sizes)} micro-batches with every = {every}")


@pytest.mark.task("train_accumulated")
def test_accumulation_drops_stale_gradients(device):
    layer, batches = a_layer(device), some_batches(device, (2, 1, 3))
    leave_stale_gradients(layer)
    optimizer = an_optimizer(layer)
    due = descent_by_hand(layer, groupwise(batches, 2))[-1]
    late = descent_by_hand(layer, groupwise(batches, 2), cleared="after")[-1]

    training.train_accumulated(layer, optimizer, F.mse_loss, batches, 2)

    check(
        values(layer.parameters()),
        due,
        what="weight and bias, begun with stale gradients",
        mistakes={
            "gradients are cleared only after the step: the first step follows stale ones": late
        },
    )


@pytest.mark.task("train_accumulated")
def test_accumulation_goes_through_a_generator_once_in_float32(device):
    layer = a_layer(device, torch.float32)
    batches = some_batches(device, (2, 1, 3), torch.float32)
    optimizer = an_optimizer(layer)
    due = descent_by_hand(layer, groupwise(batches, 2))[-1]

    steps = training.train_accumulated(layer, optimizer, F.mse_loss, one_by_one(batches), 2)

    check(values(layer.parameters()), due, what="weight and bias", rtol=1e-4, atol=1e-5)
    check(steps, 2, what="the steps for a generator of 3 micro-batches with every = 2")


@pytest.mark.task("train_accumulated")
@pytest.mark.parametrize("none", [list, lambda: one_by_one([])], ids=["list", "generator"])
def test_without_data_no_step_is_taken(none, device):
    layer = a_layer(device)
    leave_stale_gradients(layer)
    before = values(layer.parameters())

    steps = training.train_accumulated(layer, an_optimizer(layer), F.mse_loss, none(), 2)

    check(values(layer.parameters()), before, what="weight and bias, without data")
    check(steps, 0, what="the steps without data")


@pytest.mark.task("train_accumulated")
@pytest.mark.parametrize("every", [0, -2])
@pytest.mark.parametrize("sizes", [(2, 1), ()], ids=["data", "no data"])
def test_less_than_one_micro_batch_a_step_is_an_error(every, sizes, device):
    layer = a_layer(device)
    before = values(layer.parameters())
    having = "" if sizes else ", also without data"

    with raises(ValueError, when=f"every is {every}{having}", naming=[str(every)]):
        training.train_accumulated(
            layer, an_optimizer(layer), F.mse_loss, some_batches(device, sizes), every
        )

    check(values(layer.parameters()), before, what=f"weight and bias when every is {every}")


@pytest.mark.task("train_accumulated")
def test_the_model_sees_one_micro_batch_at_a_time(device):
    model = Probe(a_layer(device))

    training.train_accumulated(
        model, an_optimizer(model), F.mse_loss, some_batches(device, (3, 1, 2)), 2
    )

    check(
        [len(run.x) for run in model.seen],
        [3, 1, 2],
        what="the sizes of the batches that the model sees",
        mistakes={"the micro-batches of a group are put together: that saves no memory": [4, 2]},
    )


@pytest.mark.task("train_accumulated")
def test_a_parameter_that_is_not_used_is_no_obstacle(device):
    layer, batches = a_layer(device), some_batches(device, (2, 1, 3))
    due = descent_by_hand(layer, groupwise(batches, 2))[-1]
    layer.register_parameter("unused", nn.Parameter(sample((2,), device=device)))
    spare = layer.unused.detach().clone()

    with situation("with a parameter that the loss does not use"):
        training.train_accumulated(layer, an_optimizer(layer), F.mse_loss, batches, 2)

    check(values(layer.parameters()), [*due, spare], what="weight, bias and what is not used")


# train_mixed


def a_scaler(device):
    """Return a scaler whose scale doubles after each sound step."""
    return torch.amp.GradScaler(device.type, init_scale=2.0**6, growth_interval=1)


def mixed_batches(sizes=(3, 1, 4)):
    """Return float32 batches on the CPU, from where they are to be moved."""
    return some_batches("cpu", sizes, torch.float32)


def mixed_descent(layer, batches, device, *, factor=1.0, kept=0.0):
    """Return the weights after each step of torch's own mixed precision, and the losses.

    Args:
        layer: where to start.
        batches: one for each step.
        device: where to compute.
        factor: what a mistake multiplies each gradient by.
        kept: how much of the last step's gradient a mistake adds to the next.
    """
    losses, last = [], [0, 0]

    def gradient_of(weights, x, y, scale=2.0**6):
        leaves = [w.detach().requires_grad_() for w in weights]
        with torch.autocast(device.type):
            loss = F.mse_loss(F.linear(x, *leaves), y)
        losses.append(loss.item())
        gradients = torch.autograd.grad(loss * scale, leaves)
        last[:] = [factor * g / scale + kept * old for g, old in zip(gradients, last, strict=True)]
        return list(last)

    moved = [(x.to(device), y.to(device)) for x, y in batches]
    path = descent_by_hand(layer, [lambda w, x=x, y=y: gradient_of(w, x, y) for x, y in moved])
    return path, losses


LOW = {"cpu": torch.bfloat16, "cuda": torch.float16}


@pytest.mark.task("train_mixed")
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


@pytest.mark.task("train_mixed")
def test_parameters_stay_float32(device):
    layer, stored = a_layer(device, torch.float32), []
    layer.register_forward_pre_hook(lambda module, inputs: stored.append(module.weight.dtype))

    training.train_mixed(
        layer,
        an_optimizer(layer),
        F.mse_loss,
        mixed_batches(),
        device=device,
        scaler=a_scaler(device),
    )

    other = {layer.weight.dtype, *stored} - {torch.float32}
    assert not other, (
        f"the parameters are {other.pop()} while the model runs or after it, and so small steps "
        "are lost: leave them float32, autocast converts what it needs"
    )


@pytest.mark.task("train_mixed")
def test_the_model_computes_in_low_precision(device):
    model = Probe(a_layer(device, torch.float32))

    training.train_mixed(
        model,
        an_optimizer(model),
        F.mse_loss,
        mixed_batches(),
        device=device,
        scaler=a_scaler(device),
    )

    due, seen = LOW[device.type], {run.dtype for run in model.seen}
    assert seen == {due}, (
        f"the model gives {seen.pop()}, under autocast on {device.type} it gives {due}: "
        "run it inside torch.autocast(device.type)"
    )


@pytest.mark.task("train_mixed")
def test_a_mixed_step_follows_the_unscaled_gradient(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches((3,))
    optimizer = an_optimizer(layer)
    path, _ = mixed_descent(layer, batches, device)
    unscaled, _ = mixed_descent(layer, batches, device, factor=2.0**-6)
    scaled, _ = mixed_descent(layer, batches, device, factor=2.0**6)

    training.train_mixed(
        layer, optimizer, F.mse_loss, batches, device=device, scaler=a_scaler(device)
    )

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
        },
    )


@pytest.mark.task("train_mixed")
def test_a_mixed_epoch_steps_once_for_each_batch(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches((3, 4))
    optimizer = an_optimizer(layer)
    path, _ = mixed_descent(layer, batches, device)
    # What is left in .grad was unscaled; the next scale is 128.
    piling_up, _ = mixed_descent(layer, batches, device, kept=2.0**-7)

    training.train_mixed(
        layer, optimizer, F.mse_loss, one_by_one(batches), device=device, scaler=a_scaler(device)
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
        },
    )


@pytest.mark.task("train_mixed")
def test_a_mixed_epoch_returns_the_mean_loss_per_sample(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches()
    optimizer = an_optimizer(layer)
    _, losses = mixed_descent(layer, batches, device)

    loss = training.train_mixed(
        layer, optimizer, F.mse_loss, batches, device=device, scaler=a_scaler(device)
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


@pytest.mark.task("train_mixed")
def test_a_mixed_epoch_drops_stale_gradients(device):
    layer, batches = a_layer(device, torch.float32), mixed_batches((3,))
    optimizer = an_optimizer(layer)
    (_, due), _ = mixed_descent(layer, batches, device)
    leave_stale_gradients(layer)
    # Backward adds to them, and all is divided by the scale, 64.
    late = [w - RATE * p.grad / 2**6 for w, p in zip(due, layer.parameters(), strict=True)]

    training.train_mixed(
        layer, optimizer, F.mse_loss, batches, device=device, scaler=a_scaler(device)
    )

    check(
        values(layer.parameters()),
        due,
        what="weight and bias after an epoch that began with stale gradients",
        rtol=1e-4,
        atol=1e-5,
        mistakes={
            "gradients are cleared only after the step: the first step follows stale ones": late
        },
    )


@pytest.mark.task("train_mixed")
def test_backward_runs_outside_autocast(device):
    layer, inside = a_layer(device, torch.float32), []

    def loss_fn(output, y):
        output.register_hook(lambda g: inside.append(torch.is_autocast_enabled(device.type)))
        return F.mse_loss(output, y)

    training.train_mixed(
        layer, an_optimizer(layer), loss_fn, mixed_batches(), device=device, scaler=a_scaler(device)
    )

    assert inside, "no backward has gone through the output of the model"
    assert not any(inside), (
        "backward runs under autocast: end the with-block after the loss; "
        "backward takes the dtypes that forward took"
    )


@pytest.mark.task("train_mixed")
def test_the_scaler_is_used_for_each_batch(device):
    layer, scaler = a_layer(device, torch.float32), a_scaler(device)

    training.train_mixed(
        layer, an_optimizer(layer), F.mse_loss, mixed_batches(), device=device, scaler=scaler
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


@pytest.mark.task("train_mixed")
def test_a_batch_that_overflows_moves_nothing_but_the_scale(device):
    layer, scaler = a_layer(device, torch.float32), a_scaler(device)
    ((x, y),) = mixed_batches((3,))
    optimizer, before = an_optimizer(layer), values(layer.parameters())

    training.train_mixed(
        layer, optimizer, F.mse_loss, [(x, y + math.inf)], device=device, scaler=scaler
    )

    check(
        values(layer.parameters()),
        before,
        what="weight and bias after a batch whose gradient is not finite",
    )
    check(scaler.get_scale(), 2.0**5, what="the scale after a gradient that is not finite, from 64")


@pytest.mark.task("train_mixed")
def test_the_loss_of_a_skipped_batch_counts_too(device):
    layer, ((x, y), sound) = a_layer(device, torch.float32), mixed_batches((3, 4))
    optimizer = an_optimizer(layer)
    (_, due), (sound_loss,) = mixed_descent(layer, [sound], device)

    with situation("with a batch whose loss is infinite before a sound one"):
        loss = training.train_mixed(
            layer,
            optimizer,
            F.mse_loss,
            [(x, y + math.inf), sound],
            device=device,
            scaler=a_scaler(device),
        )

    check(
        values(layer.parameters()),
        due,
        what="weight and bias after a batch that is skipped and a sound one",
        rtol=1e-4,
        atol=1e-5,
    )
    check(
        loss,
        math.inf,
        what="the mean loss of a batch with an infinite loss and a sound one",
        mistakes={"the skipped batch is left out of the mean": sound_loss},
    )


# update_average_


class Mixed(nn.Module):
    """A model with something of each kind that a model can hold."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3, bias=False)
        self.last = nn.Linear(3, 3)
        self.gain = nn.Parameter(torch.tensor(1.5))
        self.norm = nn.BatchNorm1d(3)
        self.register_buffer("scratch", torch.tensor([1.0, 2.0]), persistent=False)
        self.register_buffer("mask", torch.tensor([True, False, True]))
        self.last.weight = self.first.weight  # tied
        self.last.bias.requires_grad_(False)


def average_and_model(device, dtype=torch.float64):
    """Return a model after some training, and its average, which began as its copy."""
    model = build(Mixed, device=device).to(dtype)
    average = copy.deepcopy(model)
    with torch.no_grad():
        for t in [*model.parameters(), *model.buffers()]:
            if t.is_floating_point():
                t.copy_(sample(t.shape, device=device, dtype=dtype))
        model.norm.num_batches_tracked.fill_(10)
        model.mask.logical_not_()
    return average, model


def blend(old, new, decay):
    return decay * old.detach() + (1 - decay) * new.detach()


any_decay = pytest.mark.parametrize("decay", [0.9, 0.0, 1.0])


@pytest.mark.task("update_average_")
@any_decay
def test_parameters_are_averaged(decay, device):
    average, model = build(lambda: nn.Linear(3, 2), device=device), a_layer(device)
    old, new = values(average.parameters()), values(model.parameters())

    with unchanged(model):
        training.update_average_(average, model, decay)

    check(
        values(average.parameters()),
        [blend(a, b, decay) for a, b in zip(old, new, strict=True)],
        what=f"the average's parameters with decay = {decay}",
        mistakes={
            "decay and 1 - decay are swapped": [
                blend(b, a, decay) for a, b in zip(old, new, strict=True)
            ],
            "the average itself is not changed: write into its tensors": old,
            "the model's values are copied": new,
            "the old value is not multiplied by decay": [
                a + (1 - decay) * b for a, b in zip(old, new, strict=True)
            ],
        },
    )


@pytest.mark.task("update_average_")
def test_frozen_parameters_and_0d_ones_are_averaged_too(device):
    average, model = average_and_model(device)
    old, new = values([average.last.bias, average.gain]), values([model.last.bias, model.gain])

    training.update_average_(average, model, 0.75)

    check(
        values([average.last.bias, average.gain]),
        [blend(a, b, 0.75) for a, b in zip(old, new, strict=True)],
        what="a frozen parameter and a 0-d one",
        mistakes={"frozen parameters are left out": [old[0], blend(old[1], new[1], 0.75)]},
    )


@pytest.mark.task("update_average_")
def test_tied_parameters_are_averaged_once(device):
    average, model = average_and_model(device)
    old, new = values([average.first.weight, model.first.weight])

    training.update_average_(average, model, 0.75)

    assert average.first.weight is average.last.weight, "the tied weights are tied no longer"
    check(
        average.first.weight.detach(),
        blend(old, new, 0.75),
        what="a weight with two names",
        mistakes={
            "it is averaged once for each of its names": blend(blend(old, new, 0.75), new, 0.75)
        },
    )


@pytest.mark.task("update_average_")
def test_floating_buffers_are_averaged(device):
    average, model = average_and_model(device)
    old, new = average.norm.running_var.clone(), model.norm.running_var.clone()

    training.update_average_(average, model, 0.75)

    check(
        average.norm.running_var,
        blend(old, new, 0.75),
        what="the running variance of a batch norm",
        mistakes={"buffers are left out": old, "buffers are copied": new},
    )


@pytest.mark.task("update_average_")
def test_other_buffers_are_copied(device):
    average, model = average_and_model(device)

    training.update_average_(average, model, 0.75)

    check(
        average.norm.num_batches_tracked,
        model.norm.num_batches_tracked,
        what="an integer buffer, 0 in the average and 10 in the model",
        mistakes={
            "integer buffers are averaged: copy them": torch.tensor(2, device=device),
            "integer buffers are left out: copy them": torch.tensor(0, device=device),
        },
    )
    check(average.mask, model.mask, what="a bool buffer")


@pytest.mark.task("update_average_")
def test_a_buffer_outside_the_state_dict_is_averaged(device):
    average, model = average_and_model(device)
    old, new = average.scratch.clone(), model.scratch.clone()

    training.update_average_(average, model, 0.75)

    check(
        average.scratch,
        blend(old, new, 0.75),
        what="a buffer registered with persistent=False",
        mistakes={"it is left out: the state_dict does not have it": old},
    )


@pytest.mark.task("update_average_")
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "frozen"])
def test_the_averages_tensors_stay_the_same_objects(tracked, device):
    average, model = average_and_model(device)
    average.requires_grad_(tracked)
    before = [*average.parameters(), *average.buffers()]

    training.update_average_(average, model, 0.75)

    after = [*average.parameters(), *average.buffers()]
    assert all(a is b for a, b in zip(before, after, strict=True)), (
        "a parameter or buffer of the average is another object now: write into the old one"
    )
    recorded = [t for t in after if t.grad_fn is not None]
    assert not recorded, (
        f"a tensor of the average has a graph now (grad_fn is {recorded[0].grad_fn.name()}): "
        "average under torch.no_grad()"
    )
    check(
        [p.requires_grad for p in average.parameters()],
        [tracked for _ in average.parameters()],
        what="requires_grad of the average's parameters",
    )


@pytest.mark.task("update_average_")
def test_three_updates_in_float32_agree_with_torchs_averaged_model(device):
    average, model = average_and_model(device, torch.float32)
    rule = torch.optim.swa_utils.get_ema_multi_avg_fn(0.75)
    torchs = torch.optim.swa_utils.AveragedModel(average, multi_avg_fn=rule, use_buffers=True)
    torchs.update_parameters(average)  # the first update copies

    for _ in range(3):
        training.update_average_(average, model, 0.75)
        torchs.update_parameters(model)

    check(
        values([*average.parameters(), average.norm.running_mean, average.norm.running_var]),
        values(
            [
                *torchs.module.parameters(),
                torchs.module.norm.running_mean,
                torchs.module.norm.running_var,
            ]
        ),
        what="parameters and running statistics after three updates",
    )


# fit_digits


@cache
def all_digits():
    """Return pixels in [0, 1], a row of 64 for each image, and labels."""
    with np.load(Path(__file__).with_name("digits.npz")) as file:
        pixels, labels = file["pixels"], file["labels"]
    return torch.from_numpy(pixels).flatten(1).float() / 16, torch.from_numpy(labels).long()


def digits(device, count=None):
    """Return train and test: of the first `count` images every fifth is held back."""
    pixels, labels = (t[:count].to(device) for t in all_digits())
    held_back = torch.arange(len(labels), device=device) % 5 == 0
    return (pixels[~held_back], labels[~held_back]), (pixels[held_back], labels[held_back])


def an_mlp(device, hidden=128):
    layers = build(
        lambda: nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10)),
        device=device,
    )
    return layers.float()


def accuracy_of(model, pixels, labels):
    with torch.no_grad():
        return (model(pixels).argmax(1) == labels).double().mean().item()


@contextmanager
def one_thread():
    """Compute in one thread: on a busy machine, two that wait for each other take forever."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def fit(model, train, test, *, epochs, seed=0, skipped=0):
    """Fit a copy of the model; return it and the history."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(skipped):
        torch.rand((), generator=generator)
    model = copy.deepcopy(model)
    with one_thread():
        history = training.fit_digits(model, train, test, epochs=epochs, generator=generator)
    return model, history


@pytest.mark.task("fit_digits")
def test_the_model_itself_is_trained(device):
    train, test = digits(device, count=150)
    start = an_mlp(device, 8)

    model, _ = fit(start, train, test, epochs=1)

    pairs = zip(start.parameters(), model.parameters(), strict=True)
    assert not all(torch.equal(a, b) for a, b in pairs), (
        "after an epoch the model has the weights that it came with: train the model itself"
    )


@pytest.mark.task("fit_digits")
@pytest.mark.parametrize("epochs", [0, 1, 3])
def test_the_history_has_the_accuracy_after_each_epoch(epochs, device):
    train, test = digits(device, count=150)
    before = an_mlp(device)

    with unchanged(*train, *test):
        model, history = fit(before, train, test, epochs=epochs)

    assert isinstance(history, list), f"it returns a {type(history).__name__}, a list is due"
    check(len(history), epochs, what=f"the length of the history of {epochs} epochs")
    check(
        history[-1:],
        [accuracy_of(model, *test)][:epochs],
        what=f"the accuracy after the last epoch, with epochs = {epochs}",
        rtol=1e-6,
        mistakes={
            "it is the accuracy on train: the accuracy on test is due": lambda: [
                accuracy_of(model, *train)
            ],
            "it is computed before the epoch": lambda: [
                accuracy_of(fit(before, train, test, epochs=epochs - 1)[0], *test)
            ],
            "it is given in percent": lambda: [100 * accuracy_of(model, *test)],
        },
    )


@pytest.mark.task("fit_digits")
def test_fifteen_epochs_get_95_percent_of_the_held_back_digits_right(device):
    train, test = digits(device)

    _, history = fit(an_mlp(device), train, test, epochs=15)

    best = max(history)
    assert best >= 0.95, (
        f"the best of {len(history)} epochs gets {best:.1%} of the held-back digits right, 95% are "
        "due: try another learning rate, smaller batches, or another optimizer"
    )


def rows_of(x):
    """Return the images of a batch as keys."""
    return [row.tobytes() for row in x.detach().cpu().numpy()]


def trained_on(model):
    """Return the images that a probe was given while recording was on, in order."""
    return [row for run in model.seen if run.recording for row in rows_of(run.x)]


@pytest.mark.task("fit_digits")
def test_test_images_are_looked_at_without_recording(device):
    train, test = digits(device, count=150)
    probe = Probe(an_mlp(device, 8))

    fit(probe, train, test, epochs=2)

    recorded = set(trained_on(probe)) & set(rows_of(test[0]))
    assert not recorded, (
        "images of test go through the model while recording is on: "
        "compute the accuracy under torch.no_grad(), and train on train alone"
    )


@pytest.mark.task("fit_digits")
def test_an_epoch_goes_once_through_every_training_image(device):
    train, test = digits(device, count=150)
    probe = Probe(an_mlp(device, 8))

    fit(probe, train, test, epochs=3)

    seen, count = trained_on(probe), len(train[1])
    check(len(seen), 3 * count, what=f"the images trained on in 3 epochs of {count} images")
    epochs = [Counter(seen[i : i + count]) for i in range(0, 3 * count, count)]
    assert all(epoch == Counter(rows_of(train[0])) for epoch in epochs), (
        "an epoch does not have each image of train once, as it is: "
        "go through a permutation of them"
    )


@pytest.mark.task("fit_digits")
def test_each_epoch_has_a_new_order(device):
    train, test = digits(device, count=150)
    probe = Probe(an_mlp(device, 8))

    fit(probe, train, test, epochs=3)

    seen, count = trained_on(probe), len(train[1])
    epochs = [seen[i : i + count] for i in range(0, len(seen), count)]
    assert rows_of(train[0]) not in epochs, (
        "an epoch goes through the images in the order in which they are given: shuffle them"
    )
    assert all(a != b for a, b in pairwise(epochs)), (
        "two epochs go through the images in the same order: draw a new one for each"
    )


@pytest.mark.task("fit_digits")
def test_the_same_generator_gives_the_same_history_and_weights(device):
    train, test = digits(device, count=150)
    start = an_mlp(device, 16)

    first, history = fit(start, train, test, epochs=2)
    second, again = fit(start, train, test, epochs=2)

    what = "a second time, with a generator in the same state"
    check(again, history, what=f"the history {what}", rtol=1e-6)
    check(values(second.parameters()), values(first.parameters()), what=f"the parameters {what}")


@pytest.mark.task("fit_digits")
@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"skipped": 1}], ids=["another seed", "a draw later"]
)
def test_the_order_comes_from_the_generator(other, device):
    train, test = digits(device, count=150)
    probes = [Probe(an_mlp(device, 8)) for _ in range(2)]

    fit(probes[0], train, test, epochs=1)
    fit(probes[1], train, test, epochs=1, **other)

    assert trained_on(probes[0]) != trained_on(probes[1]), (
        "a generator in another state gives the same order: draw the order from generator itself"
    )


@pytest.mark.task("fit_digits")
def test_the_weights_do_not_depend_on_test(device):
    train, _ = digits(device, count=40)
    start = an_mlp(device, 16)

    # Labels that the model agrees with after one epoch and later less and less; the true ones.
    guess = fit(start, train, train, epochs=1)[0](train[0]).argmax(1)

    falling, _ = fit(start, train, (train[0], guess), epochs=15)
    rising, _ = fit(start, train, train, epochs=15)

    check(
        values(rising.parameters()),
        values(falling.parameters()),
        what="the parameters after test was replaced by another, which must have no effect on them",
    )
