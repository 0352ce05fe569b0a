import copy
import math

import memory
import pytest
import torch
from torch import nn

from gradkata.checks import (
    as_list_or_generator,
    build,
    check,
    copies,
    count_hooks,
    grads,
    one_by_one,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import MADE_FINITE, TORCHS_WORDS, Graphs, large_infinite_and_nan, refusing

pytestmark = pytest.mark.task("accumulate_microbatches_")


class Watched(nn.Module):
    """A model that notes each of its runs, and which graphs are alive when it runs."""

    def __init__(self, *, tied=False):
        super().__init__()
        self.hidden = nn.Linear(3, 3)
        self.frozen = nn.Linear(3, 3).requires_grad_(False)
        self.unused = nn.Linear(1, 1)
        self.idle = nn.Parameter(torch.rand(1))  # its gradient is 0, and not None
        self.shift = nn.Parameter(torch.rand(3))  # for samples that begin with more than 0
        self.out = nn.Linear(3, 3)
        if tied:
            self.out.weight = self.hidden.weight
        self.graphs = Graphs()
        self.sizes = []
        self.modes = []
        self.backwards = []

    def forward(self, x):
        self.sizes.append(len(x))
        self.modes.append([module.training for module in self.modules()])
        chosen = x[..., :1] > 0
        with self.graphs.another():
            y = self.out(self.frozen(self.hidden(x).tanh()).tanh()) + 0 * self.idle
            if chosen.any():
                y = y + chosen * self.shift
        self.graphs.watch(y)
        y.register_hook(lambda _: self.backwards.append(len(x)))
        return y


def micro(sizes, device, dtype=torch.float64):
    """Return batches: samples begin with more than 0 in a batch of four alone.

    So in the others, none uses the shift of the model.
    """
    batches = [tuple(sample((n, 3), device=device, dtype=dtype) for _ in range(2)) for n in sizes]
    for x, _ in batches:
        x[:, 0] = x[:, 0].abs() * (1 if len(x) == 4 else -1)
    return batches


def gradient_of_all(model, batches, *, swapped=False):
    """Return the mean loss and its gradients for all samples at once, from a copy."""
    twin = copy.deepcopy(model)
    x, y = (torch.cat(column) for column in zip(*batches, strict=True))
    loss = skewed_loss(y, twin(x)) if swapped else skewed_loss(twin(x), y)
    loss.backward()
    return loss.item(), grads(twin.parameters())


def combine(model, batches, weights):
    """Return the weighted sum of the batches' own gradients."""
    each = [gradient_of_all(model, [batch])[1] for batch in batches]
    columns = [
        [w * g for w, g in zip(weights, column, strict=True) if w and g is not None]
        for column in zip(*each, strict=True)
    ]
    return [sum(column) if column else None for column in columns]


def skewed_loss(output, y):
    """Return a mean over samples that is another one if output and y change places."""
    return (output - 2 * y).square().mean()


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
        memory.accumulate_microbatches_(model, skewed_loss, given_as(batches))

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
            {
                list: "no loss is back-propagated",
                one_by_one: "a first loop uses up the generator, and a second one finds nothing",
            }[given_as]: [None] * len(due),
            "a gradient of zeros is dropped, as if there were none": [
                None if g is None or not g.any() else g for g in due
            ],
            "loss_fn gets y first, and then the output": lambda: gradient_of_all(
                model, batches, swapped=True
            )[1],
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

    def rooted(output, y):
        return skewed_loss(output, y).square().sqrt()

    with situation("with a loss whose backward needs its result, as that of sqrt does"):
        yours = memory.accumulate_microbatches_(model, rooted, batches)

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
    batches[-1][1][0] = math.inf
    yours = memory.accumulate_microbatches_(model, skewed_loss, batches)
    check(yours, math.inf, what="the mean loss where that of the last batch is infinite")


def test_stale_gradients_do_not_count(model, device):
    batches = micro(UNEVEN, device)
    _, due = gradient_of_all(model, batches)
    params = list(model.parameters())
    for p in params:
        p.grad = sample(p.shape, device=device)
    stale = copies(grads(params))
    is_frozen = [not p.requires_grad for p in params]
    each = list(zip(stale, due, is_frozen, strict=True))

    memory.accumulate_microbatches_(model, skewed_loss, one_by_one(batches))

    check(
        grads(params),
        due,
        what=".grad of parameters that had one before the call, one pair frozen, one unused",
        mistakes={
            "what .grad held before the call is added in": [
                s if g is None else s + g for s, g, _ in each
            ],
            "what .grad held before the call is added in, and divided with the rest": [
                s / 7 if g is None else s / 7 + g for s, g, _ in each
            ],
            "a frozen parameter still has the gradient it had before the call": [
                s if frozen else g for s, g, frozen in each
            ],
            "a frozen parameter still has the gradient it had before the call, divided": [
                s / 7 if frozen else g for s, g, frozen in each
            ],
            "stale gradients are zeroed and not dropped: without a gradient None is due": [
                torch.zeros_like(s) if g is None else g for s, g, _ in each
            ],
        },
    )


def test_a_tied_parameter_is_divided_once(device):
    model = build(lambda: Watched(tied=True), device=device)
    batches = micro(UNEVEN, device)
    _, due = gradient_of_all(model, batches)
    shared = [p is model.out.weight for p in model.parameters()]
    twice = [g / 7 if s else g for s, g in zip(shared, due, strict=True)]

    memory.accumulate_microbatches_(model, skewed_loss, batches)

    check(
        grads(model.parameters()),
        due,
        what=".grad where two layers share their weight",
        mistakes={"a parameter that has two names is divided twice": twice},
    )


@as_list_or_generator
def test_each_micro_batch_runs_by_itself(given_as, model, device):
    batches = micro([2, 1, 3, 2], device)

    memory.accumulate_microbatches_(model, skewed_loss, given_as(batches))

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
        "alive: back-propagate the loss of each batch before the next, which frees what its graph "
        "has saved, and keep its number, which has no graph"
    )
    assert model.graphs.alive() == [], (
        f"{len(model.graphs.alive())} graphs are alive after the call: keep numbers, not losses"
    )


def test_micro_batches_leave_modes_and_hooks(model, device):
    model.out.eval()
    modes = [module.training for module in model.modules()]
    hooks = [count_hooks(p) for p in model.parameters()]

    memory.accumulate_microbatches_(model, skewed_loss, micro([2, 3], device))

    assert [module.training for module in model.modules()] == modes, (
        "a submodule is in another mode, train or eval, than before the call: leave the modes alone"
    )
    assert model.modes == [modes, modes], (
        "the model runs with a submodule in another mode, train or eval, than before the call: "
        "leave the modes alone"
    )
    assert [count_hooks(p) for p in model.parameters()] == hooks, "a hook is left on a parameter"


def test_micro_batches_in_float32(device):
    model = build(Watched, device=device).float()
    batches = micro(UNEVEN, device, dtype=torch.float32)
    _, due = gradient_of_all(model, batches)

    memory.accumulate_microbatches_(model, skewed_loss, batches)

    check(grads(model.parameters()), due, what=".grad in float32", rtol=1e-5)


def test_an_error_of_the_loss_passes_through(model, device):
    def loss_fn(output, y):
        return skewed_loss(refusing(output), y)

    with raises(RuntimeError, when="the loss raises it in backward", naming=[TORCHS_WORDS]):
        memory.accumulate_microbatches_(model, loss_fn, micro(UNEVEN, device))


def test_a_longer_sample_counts_no_more_than_a_short_one(model, device):
    shapes = [(1, 4, 3), (2, 1, 3)]
    batches = [tuple(sample(shape, device=device) for _ in range(2)) for shape in shapes]
    # So the gradients of the last layer are large in one row, infinite and NaN in the others.
    batches[-1][1][0, 0] = large_infinite_and_nan(batches[0][0])
    due = combine(model, batches, [1 / 3, 2 / 3])

    yours = memory.accumulate_microbatches_(model, skewed_loss, batches)

    check(yours, math.nan, what="the mean loss where that of the last batch is NaN")
    check(
        grads(model.parameters()),
        due,
        what=".grad after batches of shape (1, 4, 3) and (2, 1, 3), which are 1 and 2 samples",
        mistakes={
            "the elements are counted, not the samples: axis 0 counts them": lambda: combine(
                model, batches, [2 / 3, 1 / 3]
            ),
            MADE_FINITE: lambda: [g if g is None else g.nan_to_num() for g in due],
        },
    )
