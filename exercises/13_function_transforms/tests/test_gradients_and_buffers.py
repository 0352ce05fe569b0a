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
    a_copys_step,
    demand_that_errors_come_through,
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

pytestmark = pytest.mark.task("gradients_and_buffers")


class Moving(nn.Module):
    """Subtracts a moving mean, which no state_dict has, and a shift; does not use its parameter."""

    def __init__(self):
        super().__init__()
        self.spare = nn.Parameter(torch.rand(2))
        self.register_buffer("mean", torch.rand(4), persistent=False)
        self.register_buffer("shift", torch.rand(4))

    def forward(self, x):
        if self.training:
            self.mean.mul_(0.5).add_(x.detach().mean(0))
        return x - self.mean.clone() - self.shift


def normed():
    layers = nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), Moving(), nn.Linear(4, 2)
    model = Counted(*layers)
    model[0].bias.requires_grad_(False)
    return model


def shifted(device, dtype=torch.float64):
    """Return a model with a buffer of two names."""
    model = ready(normed, device, dtype)
    model[3].register_buffer("again", model[3].shift)
    return model


def data(device, *, kind=sample, **options):
    return (kind((5, n), device=device, **options) for n in (3, 2))


def a_step(model, loss_fn, x, y):
    """Return the gradients and buffers of a copy that has run."""
    gradients, twin = a_copys_step(model, loss_fn, x, y)
    return only(trainable(model), gradients), dict(twin.named_buffers())


def modes(model, training, norm):
    model.train(training)
    model[1].train(norm)
    return model


@pytest.mark.parametrize(
    ("training", "norm", "kind", "dtype"),
    [
        (True, True, sample, torch.float64),
        (False, False, sample, torch.float32),
        (True, False, a_leaf, torch.float64),
    ],
    ids=["training", "eval, float32", "batch norm in eval, where x has a graph and y records"],
)
def test_gradients_and_buffers_are_those_of_a_step_of_a_copy(training, norm, kind, dtype, device):
    model = modes(shifted(device, dtype), training, norm)
    x, y = data(device, kind=kind, dtype=dtype)
    if x.requires_grad:
        x = through(model, x)
    expected = a_step(model, miss, x, y)
    x_varies = only(trainable(model), with_x_varying(model, miss, x, y))

    named = [name for name, _ in model.named_buffers()]
    where = f"the model in {'training' if training else 'eval'} mode"
    where += "" if training == norm else ", its batch norm in eval mode"
    advice = "one forward pass gives both"
    with (
        situation(f"{where}, its buffers being {', '.join(named)}"),
        stale_memory(),
        unchanged(model, x, y),
        running_once(model, advice=advice),
    ):
        result = function_transforms.gradients_and_buffers(model, miss, x, y)

    before = dict(model.named_buffers())
    check(
        result,
        expected,
        what=f"the gradients and the buffers, {where}",
        mistakes={
            "the buffers are those from before the step": (expected[0], before),
            "all modules run in eval mode": lambda: a_step(
                modes(copy.deepcopy(model), training=False, norm=False), miss, x, y
            ),
            "all modules run in training mode": lambda: a_step(
                modes(copy.deepcopy(model), training=True, norm=True), miss, x, y
            ),
            X_VARIES: (x_varies, expected[1]),
            SWAPPED: lambda: a_step(model, the_wrong_way_round(miss), x, y),
        },
    )
    for name, buffer in before.items():
        if result[1][name].untyped_storage().data_ptr() == buffer.untyped_storage().data_ptr():
            raise Wrong(
                f"{where}, the buffer {name!r} that is returned lies in the memory of the model's "
                "own: return a copy, which no later step of the model changes"
            )


def test_gradients_and_buffers_has_tied_weights_once_and_works_inside_no_grad(device):
    model = ready(tied, device)
    x, y = sample((5, 3), device=device), sample((5, 3), device=device)

    expected = a_step(model, miss, x, y)
    with inside_no_grad(), unchanged(model):
        result = function_transforms.gradients_and_buffers(model, miss, x, y)

    check(
        result,
        expected,
        what="of a model with a weight in two places and without buffers",
        mistakes={
            "a tied weight is replaced in its first place alone": lambda: (
                untied(model, miss, x, y),
                {},
            )
        },
    )


def test_gradients_and_buffers_lets_errors_through_and_leaves_the_model_as_it_was(device):
    model = ready(normed, device)
    x, y = data(device)

    def call(loss_fn):
        function_transforms.gradients_and_buffers(model, loss_fn, x, y)

    demand_that_errors_come_through(call, model)
