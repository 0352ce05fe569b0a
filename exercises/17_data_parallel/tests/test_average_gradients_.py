import data_parallel
import pytest
import torch

from gradkata.checks import as_list_or_generator, check, copies, run_ranks

from .shared import called, demand_same_objects, parameters_of, ranks_1_and_3

pytestmark = pytest.mark.task("average_gradients_")

SHAPES = [(2, 3), (), (4,), (3, 1), (2,)]


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
    before = [copies(params) for params in made]
    objects = [{str(i): p.grad for i, p in enumerate(params)} for params in made]
    gradients = [copies(p.grad for p in params if p.grad is not None) for params in made]

    run_ranks(
        ranks,
        lambda rank: called(
            data_parallel.average_gradients_, given_as(made[rank]), grad_mode=grad_mode
        ),
    )

    due = [torch.stack(each).mean(0) for each in zip(*gradients, strict=True)]
    check(
        [[p.grad for p in params if p.grad is not None] for params in made],
        [due] * ranks,
        what="of each rank, the .grad of each parameter that has one",
        mistakes=mistakes(gradients, due),
    )
    for rank, params in enumerate(made):
        demand_same_objects(
            objects[rank], {str(i): p.grad for i, p in enumerate(params)}, f"rank {rank}: .grad of"
        )
        check(copies(params), before[rank], what=f"the parameters on rank {rank}")


@ranks_1_and_3
@as_list_or_generator
def test_each_gradient_becomes_the_mean_over_the_ranks(ranks, given_as, device):
    judge(ranks, device, given_as, grad_mode=ranks == 3)


def test_it_takes_float32_and_frozen_parameters_inside_no_grad(device):
    judge(2, device, list, dtype=torch.float32, grad_mode=False)
