import data_parallel
import pytest
import torch
from torch import nn

from gradkata.checks import (
    Wrong,
    begun,
    build,
    check,
    copies,
    grads,
    run_ranks,
    sample,
    waited,
)

from .shared import OneByOne, as_found, as_list_or_once, called, demand_same_objects

pytestmark = pytest.mark.task("average_in_backward_")

TRAINABLE = 5
# When backward comes to a layer, so many gradients are complete.
COMPLETE = {"last": 1, "first": 3}


class Model(nn.Module):
    """Three layers, the one in the middle frozen; a bias is used at the start and at the end.

    Two parameters have one shape and the same values.
    """

    def __init__(self):
        super().__init__()
        self.first, self.middle, self.last = nn.Linear(3, 4), nn.Linear(4, 4), nn.Linear(4, 2)
        self.middle.requires_grad_(False)
        self.shift = nn.Parameter(torch.zeros(2))
        nn.init.zeros_(self.last.bias)

    def forward(self, x, on_the_way=None):
        h = self.first(x).tanh()
        y = self.last(self.middle(h).tanh())
        if on_the_way:
            h.register_hook(lambda _: on_the_way("first"))
            y.register_hook(lambda _: on_the_way("last"))
        return (y.exp() + self.first.bias[:2] + self.shift).sin().square().sum()


def trainable(model):
    return [p for p in model.parameters() if p.requires_grad]


def backward(model, x):
    """Run backward, and look what has begun meanwhile, and whether somebody has waited."""
    at_first, waited_at_first, seen = begun(), waited(), {}
    # A hook that returns something would change the gradient.
    model(x, lambda layer: seen.update({layer: begun() - at_first})).backward()
    if waited() > waited_at_first:
        raise Wrong(
            "backward waits for a collective: begin it with async_op=True, and wait in the "
            "function that is returned"
        )
    if begun() == at_first:
        raise Wrong(
            "no collective begins in this backward: register, once, a hook for each parameter that "
            "requires grad, has it a .grad yet or not, and let it stay"
        )
    for layer, complete in COMPLETE.items():
        if seen[layer] < complete:
            raise Wrong(
                f"when backward comes to the {layer} layer, {seen[layer]} collectives have begun: "
                f"the number of gradients that are complete by then is {complete}"
            )
    if begun() - at_first != TRAINABLE:
        raise Wrong(
            f"{begun() - at_first} collectives begin in one backward; {TRAINABLE} parameters are "
            "trainable, and one that is listed twice counts once"
        )


def judge(ranks, device, given_as, *, clears=True, dtype=torch.float64, grad_mode=True):
    made = [build(Model, device=device).to(dtype) for _ in range(ranks)]
    for model in made[1:]:
        model.load_state_dict(made[0].state_dict())
    xs = [[sample((5, 3), device=device, dtype=dtype) for _ in range(2)] for _ in made]
    local = [
        [torch.autograd.grad(made[0](x), trainable(made[0])) for x in of_rank] for of_rank in xs
    ]

    def run(rank):
        model = made[rank]
        listed = [*model.parameters(), model.first.weight]
        finish = called(data_parallel.average_in_backward_, given_as(listed))
        called(finish)
        rounds = []
        for x in xs[rank]:
            if clears:
                model.zero_grad()
            backward(model, x)
            objects = as_found(dict(enumerate(grads(trainable(model)))))
            called(finish, grad_mode=grad_mode)
            found = grads(trainable(model))
            demand_same_objects(
                objects, dict(enumerate(found)), f"rank {rank}, after backward: .grad of"
            )
            rounds.append(copies(found))
            called(finish)
            check(
                found,
                rounds[-1],
                what="the .grad of each parameter, after the function was called twice",
            )
        return rounds

    ran = run_ranks(ranks, run)

    means = [
        [torch.stack(each).mean(0) for each in zip(*of_all, strict=True)]
        for of_all in zip(*local, strict=True)
    ]
    before = [torch.zeros_like(g) for g in means[0]]
    for number in range(2):
        due = [b + m for b, m in zip(before, means[number], strict=True)]
        own = [[b + g for b, g in zip(before, mine[number], strict=True)] for mine in local]
        name = ("first", "second")[number]
        check(
            [rounds[number] for rounds in ran.results],
            [due] * ranks,
            what=f"the .grad of each trainable parameter of each rank after the {name} backward",
            mistakes={
                "the sum is left as it is": [[g * ranks for g in due]] * ranks,
                "nothing is exchanged, or it is no .grad that is: a register_hook runs before that "
                "is written": own,
                "each rank divides its own": [[g / ranks for g in mine] for mine in own],
                "it is divided twice, or what is left of the backward before is divided again": (
                    [[g / ranks for g in due]] * ranks
                ),
                "the parameter that is listed twice is divided twice": [
                    [due[0], due[1] / ranks, *due[2:]]
                ]
                * ranks,
            },
        )
        before = [torch.zeros_like(g) for g in due] if clears else due


@as_list_or_once
def test_each_backward_leaves_the_mean_over_the_ranks(given_as, device):
    judge(3, device, given_as)


def test_gradients_that_are_not_cleared_add_up(device):
    judge(2, device, list, clears=False, grad_mode=False)


def test_it_works_on_one_rank_and_in_float32(device):
    judge(1, device, OneByOne)
    judge(2, device, list, dtype=torch.float32)
