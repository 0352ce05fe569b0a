import data_parallel
import pytest
import torch

from gradkata.checks import (
    check,
    copies,
    run_ranks,
    sample,
    stale_memory,
)

from .shared import OneByOne, as_found, as_list_or_once, called, demand_same_objects, leaf

pytestmark = pytest.mark.task("average_uneven_gradients_")

# Who uses a parameter, by rank: all, the first rank that has samples, the last, or nobody. The
# first uses the silent one too, whose gradient is zero: it is infinite, and clamped.
SHAPES = {"all": (2, 3), "first": (3,), "silent": (3,), "last": (), "nobody": (4,)}


def uses(samples):
    """Return for each rank the parameters that it uses: none where it has no samples."""
    with_data = [rank for rank, n in enumerate(samples) if n]
    first, last = with_data[:1], with_data[-1:]
    by_name = {"all": with_data, "first": first, "silent": first, "last": last, "nobody": []}
    return [{name for name in SHAPES if rank in by_name[name]} for rank in range(len(samples))]


def losses(values, x, used):
    """Return the loss of each sample."""
    found = (x @ values["all"].T).tanh().sum(1)
    if "first" in used:
        found = found + (x * values["first"]).sin().sum(1)
    if "silent" in used:
        found = found + values["silent"].clamp(max=1).sum()
    if "last" in used:
        found = found * values["last"].exp()
    return found


def gradients(values, batches, weights):
    """Return the gradient of the weighted sum of all samples' losses, None where nobody is."""
    loss = sum(
        (losses(values, x, used) * w).sum()
        for (x, used), w in zip(batches, weights, strict=True)
        if len(x)
    )
    found = torch.autograd.grad(loss, list(values.values()), allow_unused=True)
    return dict(zip(values, found, strict=True))


def judge(samples, device, *, given_as=list, dtype=torch.float64, grad_mode=True):
    values = {
        name: sample(shape, device=device, dtype=dtype, requires_grad=True)
        for name, shape in SHAPES.items()
    }
    values["silent"].detach().fill_(torch.inf)
    batches = [
        (sample((n, 3), device=device, dtype=dtype), used)
        for n, used in zip(samples, uses(samples), strict=True)
    ]
    ranks, total = len(samples), sum(samples)

    def weighted_by(weight):
        """Return the gradient with another weight for the mean of each rank."""
        weights = [weight(rank, n) / n if n else 0 for rank, n in enumerate(samples)]
        return gradients(values, batches, weights)

    own = [
        gradients(values, [batch], [1 / n]) if n else dict.fromkeys(values)
        for batch, n in zip(batches, samples, strict=True)
    ]
    made = [{name: v.detach().clone().requires_grad_() for name, v in values.items()} for _ in own]
    for params, mine in zip(made, own, strict=True):
        for name, p in params.items():
            p.grad = None if mine[name] is None else mine[name].clone()
    due = weighted_by(lambda rank, n: n / total)

    def over_users(name):
        """Return the mean over the samples of those alone that used it."""
        mine = [
            n if used and name in used else 0 for n, (_, used) in zip(samples, batches, strict=True)
        ]
        if not sum(mine):
            return None
        return sum(n * own[r][name] for r, n in enumerate(mine) if n) / sum(mine)

    def everywhere(one):
        return [one] * ranks

    mistakes = {
        "each rank counts alike: weigh it by its samples": everywhere(
            weighted_by(lambda rank, n: 1 / ranks)
        ),
        "the ranks' gradients are added up, and never weighed": everywhere(
            weighted_by(lambda rank, n: 1)
        ),
        "the samples are weights, and nothing is divided by their number": everywhere(
            weighted_by(lambda rank, n: n)
        ),
        "it is divided by the number of ranks too": everywhere(
            weighted_by(lambda rank, n: n / total / ranks)
        ),
        "nothing is exchanged": own,
        "a gradient of zeros is left where no rank has one: None is due": everywhere(
            {n: torch.zeros_like(values[n]) if g is None else g for n, g in due.items()}
        ),
        "the mean is over those alone that used the parameter: on the others it counts as zero": (
            everywhere({name: over_users(name) for name in values})
        ),
        "a gradient of zeros counts as none: it is due on all ranks where one has it": everywhere(
            {n: g if g is not None and g.any() else None for n, g in due.items()}
        ),
        "a rank whose own .grad was None stays without one": [
            {n: due[n] if g is not None else None for n, g in mine.items()} for mine in own
        ],
    }
    objects = [
        as_found({n: p.grad for n, p in params.items() if p.grad is not None}) for params in made
    ]
    before = [copies(params.values()) for params in made]

    def run(rank):
        params = list(made[rank].values())
        with stale_memory():
            called(
                data_parallel.average_uneven_gradients_,
                given_as(params),
                samples[rank],
                grad_mode=grad_mode,
            )

    run_ranks(ranks, run)

    check(
        [{name: p.grad for name, p in params.items()} for params in made],
        everywhere(due),
        what=f"samples being {samples}, the .grad of each parameter of each rank",
        mistakes=mistakes,
    )
    for rank, params in enumerate(made):
        demand_same_objects(
            objects[rank], {n: p.grad for n, p in params.items()}, f"rank {rank}: .grad of"
        )
        check(copies(params.values()), before[rank], what=f"the parameters on rank {rank}")


@as_list_or_once
def test_every_sample_counts_alike_where_all_ranks_have_some(given_as, device):
    judge((2050, 1), device, given_as=given_as)


@pytest.mark.parametrize("samples", [(2, 2), (3, 0, 4), (5,)], ids=str)
def test_a_rank_may_have_no_samples_and_all_may_have_as_many(samples, device):
    judge(samples, device, grad_mode=len(samples) == 3)


def test_it_takes_float32_inside_no_grad(device):
    judge((0, 2, 1), device, given_as=OneByOne, dtype=torch.float32, grad_mode=False)


def test_it_takes_float16_whose_largest_number_is_65504(device):
    made = [leaf((2,), device, torch.float16) for _ in range(2)]
    for p, value in zip(made, (100.0, 300.0), strict=True):
        p.grad.fill_(value)

    run_ranks(2, lambda rank: called(data_parallel.average_uneven_gradients_, [made[rank]], 70000))

    due = torch.full_like(made[0].grad, 200.0)
    check([p.grad for p in made], [due] * 2, what="the .grad of each rank, each of 70000 samples")
