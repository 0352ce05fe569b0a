import copy
import math

import pytest
import torch
import training
from torch import nn

from gradkata.checks import check, one_by_one, raises, sample, situation

from .shared import (
    Probe,
    a_layer,
    add_idle_parameters,
    an_optimizer,
    batchwise,
    descent_by_hand,
    fails_in_backward,
    gradient_by_hand,
    leave_stale_gradients,
    led_astray,
    loss_of,
    some_batches,
    steep_loss,
    steeply,
    turned,
    values,
)

pytestmark = pytest.mark.task("train_accumulated")


def groupwise(
    batches, every, share=lambda size, group: size / sum(group), gradient_of=gradient_by_hand
):
    """Return the gradient of each group of micro-batches, as `descent_by_hand` takes it.

    Args:
        batches: the micro-batches.
        every: how many make a group.
        share: the weight of a micro-batch, from its size and the sizes of its group.
        gradient_of: gives the gradient of a micro-batch from the weights, x and y.
    """
    groups = [batches[i : i + every] for i in range(0, len(batches), every)]

    def gradient(weights, group):
        sizes = [len(y) for _, y in group]
        parts = [[share(len(y), sizes) * g for g in gradient_of(weights, x, y)] for x, y in group]
        return [sum(part) for part in zip(*parts, strict=True)]

    return [lambda w, group=group: gradient(w, group) for group in groups]


def known_mistakes(layer, batches, every):
    start = copy.deepcopy(layer)

    def ends(gradients, **options):
        return lambda: descent_by_hand(start, gradients, **options)[-1]

    return {
        "the last group, which is smaller, is dropped": ends(
            groupwise(batches[: len(batches) // every * every], every)
        ),
        "each micro-batch counts the same, whatever its size": ends(
            groupwise(batches, every, lambda size, group: 1 / len(group))
        ),
        "each micro-batch is divided by every, also in a last group that has fewer": ends(
            groupwise(batches, every, lambda size, group: 1 / every)
        ),
        "the gradients of a group are added up and not divided": ends(
            groupwise(batches, every, lambda size, group: 1)
        ),
        "the mean is taken over all micro-batches, not over those of the group": ends(
            groupwise(batches, every, lambda size, group: 1 / len(batches))
        ),
        "each micro-batch is weighted by its size, and the sum is not divided": ends(
            groupwise(batches, every, lambda size, group: size)
        ),
        "each micro-batch is divided by its size": ends(
            groupwise(batches, every, lambda size, group: 1 / size)
        ),
        "the mean is taken over the samples of all micro-batches, not over the group's": ends(
            groupwise(batches, every, lambda size, group: size / sum(len(y) for _, y in batches))
        ),
        "gradients are not cleared between two steps": ends(
            groupwise(batches, every), cleared="never"
        ),
        "each micro-batch has a step of its own": ends(batchwise(batches)),
        "there is one step, after all micro-batches": ends(groupwise(batches, len(batches))),
        "no step is taken": values(layer.parameters()),
        "loss_fn gets y first: it takes the output and y": ends(
            groupwise(batches, every, gradient_of=swapped_by_hand)
        ),
    }


def swapped_by_hand(weights, x, y):
    """Return the gradient of the mean square of y - 2 (x w + b)."""
    return [-2 * g for g in gradient_by_hand([-2 * w for w in weights], x, -y / 2)]


@pytest.mark.parametrize(
    ("sizes", "every"),
    [
        ((3, 3, 3, 3), 2),
        ((3, 3, 3, 3, 3), 2),
        ((3, 1, 2, 5), 2),
        ((3, 1, 2, 5, 4, 1, 2, 1), 3),
        ((2, 1), 1),
        ((2, 1, 3), 9),
    ],
    ids=["even", "left over", "uneven", "uneven, left over", "every 1", "every 9"],
)
def test_each_step_is_that_of_one_large_batch(sizes, every, device):
    layer, batches = a_layer(device), some_batches(device, sizes)
    optimizer = an_optimizer(layer)
    large = [
        tuple(torch.cat(parts) for parts in zip(*batches[i : i + every], strict=True))
        for i in range(0, len(batches), every)
    ]
    due, mistakes = descent_by_hand(layer, batchwise(large)), known_mistakes(layer, batches, every)

    taken = []
    optimizer.register_step_post_hook(lambda *_: taken.append("a step"))

    steps = training.train_accumulated(layer, optimizer, loss_of, batches, every)

    of = ", ".join(map(str, sizes))
    check(
        values(layer.parameters()),
        due[-1],
        what=f"weight and bias after micro-batches of {of} samples with every = {every}",
        mistakes=mistakes,
    )
    check(steps, len(large), what=f"the steps for {len(sizes)} micro-batches with every = {every}")
    check(
        len(taken),
        len(large),
        what=f"how often optimizer.step runs for {len(sizes)} micro-batches with every = {every}",
        mistakes={"it steps at the end though nothing is left over": len(large) + 1},
    )


def test_accumulation_drops_stale_gradients(device):
    layer, batches = a_layer(device), some_batches(device, (2, 1, 3))
    leave_stale_gradients(layer)
    due = descent_by_hand(layer, groupwise(batches, 2))[-1]
    late = descent_by_hand(layer, groupwise(batches, 2), cleared="after")[-1]
    idle = add_idle_parameters(layer)
    before, astray = values(idle), led_astray(idle, 2)

    with situation("with a frozen parameter and two that the loss does not use"):
        training.train_accumulated(layer, an_optimizer(layer), loss_of, batches, 2)

    check(
        values([layer.weight, layer.bias]),
        due,
        what="weight and bias, begun with stale gradients",
        mistakes={
            "gradients are cleared only after the step: the first step follows stale ones": late
        },
    )
    check(
        values(idle),
        before,
        what="a frozen parameter and two that the loss does not use, one of them without a .grad",
        mistakes=astray,
    )


def rooted(output, y):
    """Return the same loss as a root."""
    return loss_of(output, y).square().sqrt()


def test_accumulation_goes_through_a_generator_once_in_float32(device):
    layer = turned(a_layer(device, torch.float32))
    batches = some_batches(device, (2, 1, 3), torch.float32)
    optimizer = an_optimizer(layer)
    due = descent_by_hand(layer, groupwise(batches, 2))[-1]

    words = "with a weight that is not contiguous, and a loss whose backward needs its result"
    with situation(words):
        steps = training.train_accumulated(layer, optimizer, rooted, one_by_one(batches), 2)

    check(values(layer.parameters()), due, what="weight and bias", rtol=1e-4, atol=1e-5)
    check(steps, 2, what="the steps for a generator of 3 micro-batches with every = 2")


def test_an_accumulated_step_may_be_large_infinite_or_nan(device):
    layer, batches = a_layer(device), some_batches(device, (2, 2, 1))
    batches[-1][1][0] = batches[-1][1].new_tensor([math.inf, math.nan])
    _, large, due = descent_by_hand(layer, steeply(groupwise(batches, 2)))
    taken = []
    optimizer = an_optimizer(layer)
    optimizer.register_step_post_hook(lambda *_: taken.append(values(layer.parameters())))

    training.train_accumulated(layer, optimizer, steep_loss, batches, 2)

    check(
        taken,
        [large, due],
        what="weight and bias after a large step and after one that is infinite for the first "
        "output, NaN for the other",
    )


@pytest.mark.parametrize("none", [list, lambda: one_by_one([])], ids=["list", "generator"])
def test_without_data_no_step_is_taken(none, device):
    layer = a_layer(device)
    leave_stale_gradients(layer)
    before = values(layer.parameters())

    steps = training.train_accumulated(layer, an_optimizer(layer), loss_of, none(), 2)

    check(values(layer.parameters()), before, what="weight and bias, without data")
    check(steps, 0, what="the steps without data")


@pytest.mark.parametrize("every", [0, -2])
@pytest.mark.parametrize("sizes", [(2, 1), ()], ids=["data", "no data"])
def test_less_than_one_micro_batch_a_step_is_an_error(every, sizes, device):
    layer = a_layer(device)
    before = values(layer.parameters())
    having = "" if sizes else ", also without data"

    with raises(ValueError, when=f"every is {every}{having}", naming=[str(every)]):
        training.train_accumulated(
            layer, an_optimizer(layer), loss_of, some_batches(device, sizes), every
        )

    check(values(layer.parameters()), before, what=f"weight and bias when every is {every}")


class Routed(nn.Module):
    """A layer, and a shift for the samples that begin with a positive number, if there are any."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.shift = nn.Parameter(sample((2,), device=layer.weight.device))

    def forward(self, x):
        y, chosen = self.layer(x), x[:, :1] > 0
        return y + chosen * self.shift if chosen.any() else y


def test_the_model_sees_one_micro_batch_at_a_time(device):
    model, batches = Probe(Routed(a_layer(device))), some_batches(device, (1, 3, 2))
    for sign, (x, _) in zip((-1, 1, -1), batches, strict=True):
        x[:, 0] = sign * x[:, 0].abs()
    due = copy.deepcopy(model.model)
    loss_of(due(torch.cat([x for x, _ in batches])), torch.cat([y for _, y in batches])).backward()
    an_optimizer(due).step()

    training.train_accumulated(model, an_optimizer(model), loss_of, batches, 3)

    check(
        [len(run.x) for run in model.seen],
        [1, 3, 2],
        what="the sizes of the batches that the model sees",
        mistakes={"the micro-batches of a group are put together: that saves no memory": [6]},
    )
    check(
        values(model.parameters()),
        values(due.parameters()),
        what="the parameters, of which one is used by the second micro-batch of the group alone",
    )


def test_an_error_of_backward_passes_through(device):
    layer = a_layer(device)

    with raises(RuntimeError, when="backward raises it", advice="let it pass through"):
        training.train_accumulated(
            layer, an_optimizer(layer), fails_in_backward, some_batches(device), 2
        )
