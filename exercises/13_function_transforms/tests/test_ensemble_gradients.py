import contextlib
import copy

import function_transforms
import pytest
import torch
from torch import nn

from gradkata.checks import (
    Wrong,
    a_leaf,
    check,
    inside_no_grad,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import (
    SWAPPED,
    X_VARIES,
    Counted,
    all_in,
    by_backward,
    by_mode,
    demand_that_errors_come_through,
    miss,
    only,
    ready,
    running_once,
    the_wrong_way_round,
    through,
    tied,
    trainable,
    with_x_varying,
)

pytestmark = pytest.mark.task("ensemble_gradients")


class Scaled(nn.Module):
    """Scales by two buffers, one of which no state_dict has, one of integers.

    It does not use its parameter.
    """

    def __init__(self):
        super().__init__()
        self.spare = nn.Parameter(torch.rand(2))
        self.register_buffer("scale", torch.rand(3) + 1, persistent=False)
        self.register_buffer("times", torch.randint(1, 9, (3,)))

    def forward(self, x):
        return x * self.scale * self.times


def scaled():
    model = Counted(nn.Linear(3, 3), Scaled(), by_mode(), nn.Linear(3, 2))
    model[0].bias.requires_grad_(False)
    return model


def one_by_one(models, loss_fn, x, y, gradients=by_backward):
    """Return the loss and the gradients of each model, stacked."""
    with torch.no_grad():
        losses = torch.stack([loss_fn(copy.deepcopy(model)(x), y) for model in models])
    each = [gradients(model, loss_fn, x, y) for model in models]
    return losses, {name: torch.stack([gs[name] for gs in each]) for name in trainable(models[0])}


def constants(model):
    """Return what gets no gradient: buffers, and frozen parameters."""
    buffers = list(model.buffers())
    integers = [buffer for buffer in buffers if not buffer.is_floating_point()]
    return buffers, [p for p in model.parameters() if not p.requires_grad], integers


def with_constants_of_the_first(models, kind):
    """Return copies of which one kind of constants holds the first model's values."""
    twins = [copy.deepcopy(model) for model in models]
    for twin in twins:
        for t, first in zip(constants(twin)[kind], constants(models[0])[kind], strict=True):
            t.copy_(first)
    return twins


def with_the_ties_broken(models, x, y):
    """Return what they give where the second place of a tied weight holds the first model's."""
    twins = [copy.deepcopy(model) for model in models]
    for twin in twins:
        twin[2].weight = nn.Parameter(models[0][2].weight.detach())
    losses, gradients = one_by_one(twins, miss, x, y)
    return losses, only(trainable(models[0]), gradients)


def a_sample_each(models, loss_fn, x, y):
    """Return what each model gives for one sample, the one at its own place."""
    pairs = [one_by_one([model], loss_fn, x[i], y[i]) for i, model in enumerate(models)]
    losses, gradients = zip(*pairs, strict=True)
    return torch.cat(losses), {n: torch.cat([gs[n] for gs in gradients]) for n in gradients[0]}


def places(models):
    return [p.data_ptr() for model in models for p in model.parameters()]


def judge(models, x, y, *, given, inside=contextlib.nullcontext):
    losses, gradients = expected = one_by_one(models, miss, x, y)
    x_varies = one_by_one(models, miss, x, y, with_x_varying)
    m = len(models)
    before = places(models)
    with (
        inside(),
        situation(given),
        stale_memory(),
        unchanged(*models, x, y),
        running_once(*models, advice="call one of them once, under vmap over the parameters"),
    ):
        result = function_transforms.ensemble_gradients(models, miss, x, y)
    check(
        result,
        expected,
        what=f"the losses and the gradients, {given}",
        mistakes={
            "the buffers of the first model serve for all": lambda: one_by_one(
                with_constants_of_the_first(models, 0), miss, x, y
            ),
            "the frozen parameters of the first model serve for all": lambda: one_by_one(
                with_constants_of_the_first(models, 1), miss, x, y
            ),
            "the integer buffers of the first model serve for all": lambda: one_by_one(
                with_constants_of_the_first(models, 2), miss, x, y
            ),
            "the first model serves for all": lambda: one_by_one([models[0]] * m, miss, x, y),
            "the gradients are those of the mean loss of all models": (
                losses,
                {name: g / m for name, g in gradients.items()},
            ),
            "x and y are given a batch axis too, and each model sees a single sample": (
                lambda: a_sample_each(models, miss, x, y)
            ),
            "a tied weight is replaced in its first place alone": lambda: with_the_ties_broken(
                models, x, y
            ),
            "all modules run in training mode": lambda: one_by_one(
                [all_in(model, training=True) for model in models], miss, x, y
            ),
            "all modules run in eval mode": lambda: one_by_one(
                [all_in(model, training=False) for model in models], miss, x, y
            ),
            X_VARIES: x_varies,
            SWAPPED: lambda: one_by_one(models, the_wrong_way_round(miss), x, y),
        },
    )
    if places(models) != before:
        raise Wrong(f"{given}, parameters lie in other memory after the call: leave them in theirs")


def test_ensemble_gradients_are_those_of_each_model(device):
    models = [ready(scaled, device) for _ in range(4)]
    x, y = sample((4, 3), device=device), sample((4, 2), device=device)
    judge(models, x, y, given="four models")


def test_ensemble_gradients_takes_a_single_model_inside_no_grad(device):
    model = ready(scaled, device, torch.float32)
    x, y = (sample((5, n), device=device, dtype=torch.float32) for n in (3, 2))
    judge((model,), x, y, given="a single model in float32", inside=inside_no_grad)


def test_ensemble_gradients_has_tied_weights_once_and_no_graph(device):
    models = [ready(tied, device) for _ in range(2)]
    x, y = through(models[0], a_leaf((5, 3), device)), a_leaf((5, 3), device)
    judge(models, x, y, given="weights in two places")


def test_ensemble_gradients_lets_errors_through_and_leaves_the_models_as_they_were(device):
    models = [ready(scaled, device) for _ in range(2)]
    x, y = sample((5, 3), device=device), sample((5, 2), device=device)

    def call(loss_fn):
        function_transforms.ensemble_gradients(models, loss_fn, x, y)

    demand_that_errors_come_through(call, *models)
