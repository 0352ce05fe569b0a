import contextlib

import function_transforms
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import (
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
    demanding,
    miss,
    only,
    ready,
    running_once,
    the_wrong_way_round,
    through,
    tied,
    trainable,
    untied,
    with_x_varying,
)

pytestmark = pytest.mark.task("per_sample_gradients")


def gradients_of_each(model, loss_fn, xs, ys, gradients=by_backward):
    """Return the gradients of each sample as a batch of one, stacked."""
    each = [gradients(model, loss_fn, xs[i : i + 1], ys[i : i + 1]) for i in range(len(xs))]
    return {name: torch.stack([gs[name] for gs in each]) for name in trainable(model)}


def judge(model, loss_fn, xs, ys, *, given, inside=contextlib.nullcontext):
    expected = gradients_of_each(model, loss_fn, xs, ys)
    x_varies = gradients_of_each(model, loss_fn, xs, ys, with_x_varying)
    n = len(xs)
    with (
        inside(),
        situation(given),
        stale_memory(),
        unchanged(model, xs, ys),
        running_once(model, advice="call it once, under vmap over the samples"),
    ):
        demanding_loss = demanding(model, loss_fn, xs, ys)
        result = function_transforms.per_sample_gradients(model, demanding_loss, xs, ys)
    check(
        result,
        expected,
        what=f"the gradients of each sample, {given}",
        mistakes={
            "all modules run in training mode": lambda: gradients_of_each(
                all_in(model, training=True), loss_fn, xs, ys
            ),
            "all modules run in eval mode": lambda: gradients_of_each(
                all_in(model, training=False), loss_fn, xs, ys
            ),
            X_VARIES: x_varies,
            SWAPPED: lambda: gradients_of_each(model, the_wrong_way_round(loss_fn), xs, ys),
            "the gradient of the whole batch's loss is repeated": lambda: {
                name: g.mean(0).expand_as(g) for name, g in expected.items()
            },
            "each sample's gradient is divided by N, as in a batch's mean": lambda: {
                name: g / n for name, g in expected.items()
            },
            "a tied weight is replaced in its first place alone": (
                lambda: gradients_of_each(model, loss_fn, xs, ys, untied)
            ),
            (
                "they are the mean over the samples: each sample's own are due"
                if n > 1
                else "the axis of the samples is left out where there is one sample"
            ): lambda: {name: g.mean(0) for name, g in expected.items()},
        },
    )


def dense():
    return Counted(nn.Flatten(), nn.Linear(4, 3), by_mode(), nn.Linear(3, 2))


def classifier():
    model = Counted(nn.Conv2d(1, 2, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    model.register_parameter("spare", nn.Parameter(torch.rand(2)))
    model[3].bias.requires_grad_(False)
    return model


def test_per_sample_gradients_are_those_of_each_sample_as_a_batch_of_one(device):
    model = ready(dense, device)
    xs, ys = sample((3, 2, 2), device=device), sample((3, 2), device=device)
    judge(model, miss, xs, ys, given="a model that flattens")


def test_per_sample_gradients_takes_a_convolution_and_labels(device):
    model = ready(classifier, device)
    xs = sample((3, 1, 3, 3), device=device)
    ys = torch.tensor([2, 0, 1], device=device)
    judge(model, F.cross_entropy, xs, ys, given="a convolution and labels")


def test_per_sample_gradients_takes_a_single_sample_in_float32_inside_no_grad(device):
    model = ready(dense, device, torch.float32)
    xs, ys = (sample((1, n), device=device, dtype=torch.float32) for n in (4, 2))
    judge(model, miss, xs, ys, given="a single sample in float32", inside=inside_no_grad)


def test_per_sample_gradients_has_tied_weights_once_and_no_graph(device):
    model = ready(tied, device)
    xs, ys = through(model, a_leaf((4, 3), device)), a_leaf((4, 3), device)
    judge(model, miss, xs, ys, given="a weight in two places")


def test_per_sample_gradients_lets_errors_through_and_leaves_the_model_as_it_was(device):
    model = ready(dense, device)
    xs, ys = sample((2, 4), device=device), sample((2, 2), device=device)

    def call(loss_fn):
        function_transforms.per_sample_gradients(model, loss_fn, xs, ys)

    demand_that_errors_come_through(call, model)
