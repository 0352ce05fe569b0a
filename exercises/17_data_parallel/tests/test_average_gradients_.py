import data_parallel
import pytest
import torch

from gradkata.checks import check, copies, run_ranks

from .shared import (
    as_found,
    as_list_or_once,
    called,
    demand_same_objects,
    leaf,
    parameters_of,
    ranks_1_and_3,
)

pytestmark = pytest.mark.task("average_gradients_")

SHAPES = [(2, 3), (), (4,), (2, 3), (2,)]


# The places of those that have no gradient.
NONE = (2, 4)


def spread(grads, of_none=(None, None)):
    """Return what the .grad of each parameter is, of those without one too."""
    return [*grads[:2], of_none[0], *grads[2:], of_none[1]]


def mistakes(gradients, due):
    """Return for each mistake what the gradients of all ranks would be."""
    ranks, params = len(gradients), len(SHAPES)
    half_way = [[g / ranks for g in mine] for mine in gradients]
    sums = [g * ranks for g in due]
    return {
        "the sum is left as it is: divide it by the number of ranks, once it has arrived": (
            [sums] * ranks
        ),
        "nothing is exchanged": gradients,
        "nothing is exchanged, and each rank divides its own": half_way,
        "it is divided twice": [[g / ranks for g in due]] * ranks,
        "the mean is on rank 0 alone": [due, *gradients[1:]],
        "the sum is on rank 0 alone, and each divides what it has": [due, *half_way[1:]],
        "the gradient of rank 0 goes to all": [gradients[0]] * ranks,
        "it is divided by the number of parameters": [[g / params for g in sums]] * ranks,
    }


def judge(ranks, device, given_as, *, dtype=torch.float64, grad_mode=True):
    """Compare on each rank; the third parameter is frozen, the last has no gradient yet."""
    made = parameters_of(ranks, SHAPES, device, dtype)
    for params in made:
        params[2].requires_grad_(False)
        params[2].grad = params[4].grad = None
        params[3].requires_grad_(False)  # but it has a gradient
    # What is zero on one rank alone must be sent like all else.
    made[0][1].grad *= ranks == 1
    before = [copies(params) for params in made]
    bare = [leaf((2,), device, dtype) for _ in made]
    for p in bare:
        p.grad = None
    objects = [as_found({str(i): p.grad for i, p in enumerate(params)}) for params in made]
    gradients = [copies(p.grad for p in params if p.grad is not None) for params in made]

    def run(rank):
        for params in (made[rank], [bare[rank]]):
            called(data_parallel.average_gradients_, given_as(params), grad_mode=grad_mode)

    run_ranks(ranks, run)

    for rank, params in enumerate(made):
        check(
            copies(params),
            before[rank],
            what=f"the parameters on rank {rank}, which stay: exchange p.grad and not p",
        )
    due = [torch.stack(each).mean(0) for each in zip(*gradients, strict=True)]
    zeros = [torch.zeros_like(made[0][i]) for i in NONE]
    check(
        [[p.grad for p in params] for params in made],
        [spread(due)] * ranks,
        what="the .grad of each parameter of each rank",
        mistakes={
            "a .grad that was None gets zeros: it stays None": [spread(due, zeros)] * ranks,
            **{
                name: [spread(mine) for mine in wrong]
                for name, wrong in mistakes(gradients, due).items()
            },
        },
    )
    check([p.grad for p in bare], [None] * ranks, what="the .grad where all of a rank are None")
    for rank, params in enumerate(made):
        demand_same_objects(
            objects[rank], {str(i): p.grad for i, p in enumerate(params)}, f"rank {rank}: .grad of"
        )


@ranks_1_and_3
@as_list_or_once
def test_each_gradient_becomes_the_mean_over_the_ranks(ranks, given_as, device):
    judge(ranks, device, given_as, grad_mode=ranks == 3)


def test_it_takes_float32_and_frozen_parameters_inside_no_grad(device):
    judge(2, device, list, dtype=torch.float32, grad_mode=False)
