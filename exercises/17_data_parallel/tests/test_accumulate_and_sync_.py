import data_parallel
import pytest
import torch
from torch import nn

from gradkata.checks import (
    Wrong,
    begun,
    build,
    check,
    count_hooks,
    grads,
    run_ranks,
    sample,
    unchanged,
)

from .shared import called, raises_own

pytestmark = pytest.mark.task("accumulate_and_sync_")

STALE = 0.5


class Model(nn.Module):
    """Two layers, one bias frozen, the other under two names.

    Looks what has begun whenever backward runs through it.
    """

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(3, 4), nn.Linear(4, 2)
        self.first.bias.requires_grad_(False)
        self.same = self.last.bias
        self.watched, self.runs, self.ways_back = False, 0, 0

    def forward(self, x):
        output = self.last(self.first(x).tanh())
        if self.watched:
            self.runs += 1
            if self.training != self.trains:
                raise Wrong("the model runs in another mode, to train or not, than it was put in")
            if output.requires_grad:
                output.register_hook(self.back)
        return output

    def back(self, _gradient):
        self.ways_back += 1
        self.demand_none_begun(f"when backward {self.ways_back} begins")

    def demand_none_begun(self, when):
        if begun():
            raise Wrong(
                f"a rank has begun {begun()} collectives {when}: exchange once, after the last "
                "backward"
            )


def loss_fn(output, y):
    return (output.sin() - y).square().sum(1).mean()


# In float32, three times this is rounded.
ODD = 2.0**23 + 1


def odd_loss_fn(output, y):
    loss = loss_fn(output, y)
    return loss - loss.detach() + ODD


def one_by_one(model, pairs):
    """Give pair after pair, and look whether the one before is through.

    Where grad mode is on for the caller, who makes the generator, it must be on inside.
    """
    return pairs_of(model, pairs, torch.is_grad_enabled())


def pairs_of(model, pairs, grad_mode):
    for i, pair in enumerate(pairs):
        if grad_mode and not torch.is_grad_enabled():
            raise Wrong(
                "the generator of micro-batches runs inside no_grad, where the caller's grad mode "
                "is on: it is the caller's own, and may need a graph"
            )
        if model.ways_back < i:
            raise Wrong("the next micro-batch is asked for before the backward of the one before")
        yield pair
    model.demand_none_begun("when the micro-batches are not known to be over")


def gradients(model, loss):
    """Return the gradient for each parameter, None for one that is frozen."""
    tracked = [p for p in model.parameters() if p.requires_grad]
    found = iter(torch.autograd.grad(loss, tracked, retain_graph=True))
    return [next(found) if p.requires_grad else None for p in model.parameters()]


def mistaken_losses(losses, sizes):
    """Return for each mistake the loss whose gradient each rank has then."""
    ranks, total = len(losses), sum(map(sum, sizes))
    local = [
        sum(n * loss for n, loss in zip(ns, mine, strict=True)) / sum(ns)
        for ns, mine in zip(sizes, losses, strict=True)
    ]
    flat = [loss for mine in losses for loss in mine]
    joint = sum(n * loss for n, loss in zip(map(sum, sizes), local, strict=True)) / total
    means = [sum(mine) / len(mine) for mine in losses]
    return joint, {
        "each micro-batch counts alike: weigh it by its samples": [sum(flat) / len(flat)] * ranks,
        "each rank counts alike: weigh it by its samples": [sum(local) / ranks] * ranks,
        "each micro-batch counts alike within a rank, and then each rank": [sum(means) / ranks]
        * ranks,
        "the losses of the micro-batches are added up": [sum(flat)] * ranks,
        "the losses of all samples are added up, and never divided": [joint * total] * ranks,
        "it is divided by the number of ranks too": [joint / ranks] * ranks,
        "nothing is exchanged": local,
        "the losses are exchanged, and the gradients are not": [
            sum(n * loss for n, loss in zip(ns, mine, strict=True)) / total
            for ns, mine in zip(sizes, losses, strict=True)
        ],
        "only the first micro-batch of each rank counts": [
            sum(ns[0] * mine[0] for ns, mine in zip(sizes, losses, strict=True))
            / sum(ns[0] for ns in sizes)
        ]
        * ranks,
        "only the last micro-batch of each rank counts": [
            sum(ns[-1] * mine[-1] for ns, mine in zip(sizes, losses, strict=True))
            / sum(ns[-1] for ns in sizes)
        ]
        * ranks,
    }


def judge(sizes, device, *, generators, loss_fn=loss_fn, dtype=torch.float64, grad_mode=True):
    ranks = len(sizes)
    made = [build(Model, device=device).to(dtype) for _ in sizes]
    for model in made[1:]:
        model.load_state_dict(made[0].state_dict())
    batches = [
        [
            (sample((n, 3), device=device, dtype=dtype), sample((n, 2), device=device, dtype=dtype))
            for n in ns
        ]
        for ns in sizes
    ]
    losses = [[loss_fn(made[0](x), y) for x, y in mine] for mine in batches]
    joint, mistaken = mistaken_losses(losses, sizes)
    due = gradients(made[0], joint)
    mistakes = {
        name: lambda each=each: [gradients(made[0], loss) for loss in each]
        for name, each in mistaken.items()
    }
    for name, more in (
        ("gradients that were there at the start count: drop them", ranks / sum(map(sum, sizes))),
        ("gradients that were there at the start are added at the end", 1),
    ):
        mistakes[name] = [[None if g is None else g + STALE * more for g in due]] * ranks
        mistakes[f"{name}, of frozen parameters too"] = [
            [
                torch.full_like(p, STALE) if g is None else g + STALE * more
                for p, g in zip(made[0].parameters(), due, strict=True)
            ]
        ] * ranks
    for name, left in (("what was there stays", STALE), ("a gradient of zeros is left", 0)):
        mistakes[f"{name} for frozen parameters: None is due"] = [
            [
                torch.full_like(p, left) if g is None else g
                for p, g in zip(made[0].parameters(), due, strict=True)
            ]
        ] * ranks

    def swapped():
        made[0].watched = False
        other = [[loss_fn(y, made[0](x)) for x, y in mine] for mine in batches]
        return [gradients(made[0], mistaken_losses(other, sizes)[0])] * ranks

    mistakes["loss_fn is called with y first: the model's output comes before it"] = swapped
    for model in made:
        model.watched, model.trains = True, model is made[0]
        model.train(model.trains)
        for p in model.parameters():
            p.grad = torch.full_like(p, STALE)

    def run(rank):
        model, mine = made[rank], batches[rank]
        with torch.set_grad_enabled(grad_mode):
            given = one_by_one(model, mine) if generators else mine
        return called(
            data_parallel.accumulate_and_sync_, model, loss_fn, given, grad_mode=grad_mode
        )

    with unchanged(*(t for mine in batches for pair in mine for t in pair)):
        ran = run_ranks(ranks, run)

    given = f"micro-batches having {' and '.join(map(str, sizes))} samples"
    check(
        [grads(model.parameters()) for model in made],
        [due] * ranks,
        what=f"{given}, the .grad of each parameter of each rank",
        mistakes=mistakes,
    )
    check(
        [m.runs for m in made], list(map(len, sizes)), what="how often the model of each rank runs"
    )
    check(
        [sum(map(count_hooks, m.parameters())) for m in made],
        [0] * ranks,
        what="the number of hooks that stay on the parameters of each model",
    )
    check([m.training for m in made], [m.trains for m in made], what="the mode of each model")
    exact = [[loss.item() for loss in mine] for mine in losses]
    total, samples = mistaken_sums(exact, sizes, torch.float64)
    rough, _ = mistaken_sums(exact, sizes, torch.float32)
    check(
        ran.results,
        [total / samples] * ranks,
        what=f"{given}, the mean loss on each rank",
        rtol=1e-12 if dtype == torch.float64 else 1e-9,
        atol=0.0,
        mistakes={
            "losses are added up in float32": [rough / samples] * ranks,
            **{name: [loss.item() for loss in each] for name, each in mistaken.items()},
        },
    )
    enough = 3 + 2
    calls = len(ran.calls[0])
    if calls > enough:
        raise Wrong(
            f"{calls} collectives are made; one for each trainable parameter and two more, "
            f"{enough}, are enough"
        )


def mistaken_sums(losses, sizes, dtype):
    """Return the sum over all samples, where the sums of ranks are of a dtype, and their number."""
    of_ranks = [
        sum(n * loss for n, loss in zip(ns, mine, strict=True))
        for ns, mine in zip(sizes, losses, strict=True)
    ]
    return torch.tensor(of_ranks, dtype=dtype).sum().item(), sum(map(sum, sizes))


@pytest.mark.parametrize("generators", [False, True], ids=["list", "generator"])
def test_every_sample_counts_alike_on_two_ranks(generators, device):
    judge([[2, 1], [4]], device, generators=generators)


def test_ranks_may_have_as_many_micro_batches_as_they_like(device):
    judge([[1], [2, 3, 1], [1]], device, generators=True, grad_mode=False)


class OfTheLoss(StopIteration, RuntimeError):
    """Would end a loop that has next() and all else in one try."""


def broken_loss_fn(output, y):
    if len(y) == 1:
        raise OfTheLoss("no loss")
    return loss_fn(output, y)


def broken_pairs(error, device):
    for n in (2, 1) if error == OfTheLoss else (2,):
        yield sample((n, 3), device=device), sample((n, 2), device=device)
    if error != OfTheLoss:
        raise error("no more data")


@pytest.mark.parametrize(
    ("loss_fn", "error", "of"),
    [
        (loss_fn, ValueError, "the micro-batches"),
        (loss_fn, KeyboardInterrupt, "the micro-batches"),
        (broken_loss_fn, OfTheLoss, "loss_fn"),
    ],
)
def test_an_error_of_the_callers_comes_through_and_leaves_the_grad_mode(loss_fn, error, of, device):
    model, grad_modes = build(Model, device=device).double(), []

    def run(_rank):
        with torch.no_grad(), raises_own(error, grad_modes):
            data_parallel.accumulate_and_sync_(model, loss_fn, broken_pairs(error, device))

    run_ranks(1, run)

    check(grad_modes, [False], what=f"the grad mode after an error of {of}")


def test_it_works_on_one_rank_and_in_float32(device):
    judge([[2, 1]], device, generators=True)
    judge([[2], [3]], device, generators=False, loss_fn=odd_loss_fn, dtype=torch.float32)
