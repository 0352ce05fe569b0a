import copy

import memory
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import (
    as_list_or_generator,
    build,
    check,
    copies,
    count_hooks,
    grads,
    one_by_one,
    sample,
    unchanged,
)

from .shared import Graphs

pytestmark = pytest.mark.task("accumulate_microbatches_")


class Watched(nn.Module):
    """A model that notes each of its runs, and which graphs are alive when it runs."""

    def __init__(self, *, tied=False):
        super().__init__()
        self.hidden = nn.Linear(3, 3)
        self.frozen = nn.Linear(3, 3).requires_grad_(False)
        self.unused = nn.Linear(1, 1)
        self.out = self.hidden if tied else nn.Linear(3, 3)
        self.graphs = Graphs()
        self.sizes = []
        self.backwards = []

    def forward(self, x):
        self.sizes.append(len(x))
        with self.graphs.another():
            y = self.out(self.frozen(self.hidden(x).tanh()).tanh())
        y.register_hook(lambda _: self.backwards.append(len(x)))
        return y


def micro(sizes, device, dtype=torch.float64):
    return [tuple(sample((n, 3), device=device, dtype=dtype) for _ in range(2)) for n in sizes]


def gradient_of_all(model, batches):
    """Return the mean loss and its gradients for all samples at once, from a copy."""
    twin = copy.deepcopy(model)
    x, y = (torch.cat(column) for column in zip(*batches, strict=True))
    loss = F.mse_loss(twin(x), y)
    loss.backward()
    return loss.item(), grads(twin.parameters())


def combine(model, batches, weights):
    """Return the weighted sum of the batches' own gradients."""
    each = [gradient_of_all(model, [batch])[1] for batch in batches]
    return [
        None if column[0] is None else sum(w * g for w, g in zip(weights, column, strict=True))
        for column in zip(*each, strict=True)
    ]


UNEVEN = [1, 4, 2]


@pytest.fixture
def model(device):
    return build(Watched, device=device)


@as_list_or_generator
def test_micro_batches_add_up_to_the_gradient_of_the_full_batch(given_as, model, device):
    batches = micro(UNEVEN, device)
    before = copies(model.parameters())
    _, due = gradient_of_all(model, batches)

    with unchanged(*(t for batch in batches for t in batch)):
        memory.accumulate_microbatches_(model, F.mse_loss, given_as(batches))

    check(
        grads(model.parameters()),
        due,
        what=".grad of the parameters after batches of 1, 4 and 2 samples",
        mistakes={
            "the sum is divided by the number of batches, and each batch counts alike: weigh it "
            "with its number of samples": lambda: combine(model, batches, [1 / 3] * 3),
            "the mean losses of the batches are added and not divided": lambda: combine(
                model, batches, [1, 1, 1]
            ),
            "the sum over samples is not divided by their number": lambda: combine(
                model, batches, UNEVEN
            ),
            "only the last batch counts": lambda: combine(model, batches, [0, 0, 1]),
            "gradients are cleared between the batches": lambda: combine(
                model, batches, [0, 0, 2 / 7]
            ),
            "a first loop uses up the generator, and a second one finds nothing": [None] * len(due),
            "each batch is divided by the number of samples so far": lambda: combine(
                model, batches, [1, 4 / 5, 2 / 7]
            ),
        },
    )
    check(copies(model.parameters()), before, what="the values of the parameters")


def test_the_mean_loss_is_per_sample(model, device):
    batches = micro(UNEVEN, device)
    due, _ = gradient_of_all(model, batches)

    def each():
        return [gradient_of_all(model, [batch])[0] for batch in batches]

    yours = memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(
        yours,
        due,
        what="the mean loss over batches of 1, 4 and 2 samples",
        mistakes={
            "it is the mean of the batches' means, whatever their sizes": lambda: sum(each()) / 3,
            "the means are added": lambda: sum(each()),
            "the sum over samples is not divided by their number": 7 * due,
            "it is the loss of the last batch": lambda: each()[-1],
        },
    )


def test_stale_gradients_do_not_count(model, device):
    batches = micro(UNEVEN, device)
    _, due = gradient_of_all(model, batches)
    used = [p for p, g in zip(model.parameters(), due, strict=True) if g is not None]
    due = [g for g in due if g is not None]
    for p in model.parameters():
        p.grad = sample(p.shape, device=device)
    stale = copies(grads(used))
    frozen = model.frozen.weight

    memory.accumulate_microbatches_(model, F.mse_loss, one_by_one(batches))

    check(
        grads(used),
        due,
        what=".grad of parameters that had one before the call",
        mistakes={
            "what .grad held before the call is added in": [
                s + g for s, g in zip(stale, due, strict=True)
            ],
            "what .grad held before the call is added in, and divided with the rest": [
                s / 7 + g for s, g in zip(stale, due, strict=True)
            ],
        },
    )
    assert frozen.grad is None or not frozen.grad.any(), (
        "a frozen parameter still has the gradient it had before the call: drop all stale gradients"
    )


def test_a_tied_parameter_is_divided_once(device):
    model = build(lambda: Watched(tied=True), device=device)
    batches = micro(UNEVEN, device)
    _, due = gradient_of_all(model, batches)

    memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(
        grads(model.parameters()),
        due,
        what=".grad where two layers share their parameters",
        mistakes={
            "a parameter that has two names is divided twice": lambda: [
                g if g is None else g / 7 for g in due
            ]
        },
    )


@as_list_or_generator
def test_each_micro_batch_runs_by_itself(given_as, model, device):
    batches = micro([2, 1, 3, 2], device)

    memory.accumulate_microbatches_(model, F.mse_loss, given_as(batches))

    assert model.sizes == [2, 1, 3, 2], (
        f"the batches have 2, 1, 3 and 2 samples, the model ran on {model.sizes}: run it once on "
        "each batch as it comes; all samples at once need the memory of all"
    )
    assert sorted(model.backwards) == [1, 2, 2, 3], (
        f"backward passed through the outputs for {model.backwards} samples: back-propagate each "
        "batch once"
    )
    assert max(model.graphs.counts) <= 1, (
        f"when the last batch went in, the graphs of {model.graphs.counts[-1]} earlier ones were "
        "alive: back-propagate the loss of each batch before the next, which frees its graph"
    )
    assert model.graphs.alive() == [], (
        f"{len(model.graphs.alive())} graphs are alive after the call: free each in its backward"
    )


def test_micro_batches_leave_modes_and_hooks(model, device):
    model.out.eval()
    modes = [module.training for module in model.modules()]
    hooks = [count_hooks(p) for p in model.parameters()]

    memory.accumulate_microbatches_(model, F.mse_loss, micro([2, 3], device))

    assert [module.training for module in model.modules()] == modes, (
        "a submodule is in another mode, train or eval, than before the call: leave the modes alone"
    )
    assert [count_hooks(p) for p in model.parameters()] == hooks, "a hook is left on a parameter"


def test_micro_batches_in_float32(device):
    model = build(Watched, device=device).float()
    batches = micro(UNEVEN, device, dtype=torch.float32)
    _, due = gradient_of_all(model, batches)

    memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(grads(model.parameters()), due, what=".grad in float32", rtol=1e-5)


def test_a_longer_sample_counts_no_more_than_a_short_one(model, device):
    shapes = [(1, 4, 3), (2, 1, 3)]
    batches = [tuple(sample(shape, device=device) for _ in range(2)) for shape in shapes]

    memory.accumulate_microbatches_(model, F.mse_loss, batches)

    check(
        grads(model.parameters()),
        combine(model, batches, [1 / 3, 2 / 3]),
        what=".grad after batches of shape (1, 4, 3) and (2, 1, 3), which are 1 and 2 samples",
        mistakes={
            "the elements are counted, not the samples: axis 0 counts them": lambda: combine(
                model, batches, [2 / 3, 1 / 3]
            )
        },
    )
