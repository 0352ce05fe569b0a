import memory
import pytest
import torch

from gradkata.checks import (
    as_list_or_generator,
    check,
    copies,
    one_by_one,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import Graphs

pytestmark = pytest.mark.task("mean_loss")


def step_losses(leaf, graphs, recorded):
    """Compute six losses when they are asked for, each with a graph of its own; all are 0."""
    for i in range(6):
        with graphs.another():
            loss = (leaf.sin() * (i + 1)).square().sum()
        recorded.append(loss.requires_grad)
        yield loss
        del loss


@as_list_or_generator
def test_the_mean_of_losses_is_a_float(given_as, device):
    values = [0.5, -2.0, 4.25]
    losses = [torch.tensor(v, dtype=torch.float64, device=device) for v in values]

    yours = memory.mean_loss(given_as(losses))

    check(
        yours,
        sum(values) / 3,
        what="the mean of 0.5, -2 and 4.25",
        mistakes={
            "the sum is not divided": sum(values),
            "only the last one counts": 4.25,
            {
                list: "nothing is added up",
                one_by_one: "a first loop uses up the generator, and a second one finds nothing",
            }[given_as]: 0.0,
        },
    )
    losses.append(torch.tensor(float("inf"), dtype=torch.float64, device=device))
    check(
        memory.mean_loss(given_as(losses)),
        float("inf"),
        what="the mean of 0.5, -2, 4.25 and inf",
        mistakes={"what is not finite is left out": sum(values) / 3},
    )
    losses[-1] = losses[-1] * 0
    check(
        memory.mean_loss(given_as(losses)),
        float("nan"),
        what="the mean of 0.5, -2, 4.25 and NaN",
        mistakes={
            "what is not finite is left out": sum(values) / 3,
            "NaN counts as 0: let it through": sum(values) / 4,
        },
    )


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_the_losses_stay_as_they_were(dtype, device):
    leaf = sample((3,), device=device, dtype=dtype, requires_grad=True)
    losses = [(leaf * i).square().sum() for i in range(1, 4)]
    before, total = copies(losses), sum(copies(losses))

    with unchanged(leaf):
        yours = memory.mean_loss(losses)

    check(yours, total.item() / 3, what=f"the mean of three losses in {dtype}", rtol=1e-6)
    check(
        copies(losses),
        before,
        what="the losses themselves, after the call",
        mistakes={"the others are added into the first one in place": [total, *before[1:]]},
    )
    assert all(loss.requires_grad for loss in losses), (
        "a loss has lost its graph: use detach or item, which leave the loss itself as it is"
    )


@as_list_or_generator
def test_the_mean_of_nothing_is_a_value_error(given_as):
    with raises(ValueError, when=f"there are no losses, in an empty {type(given_as([])).__name__}"):
        memory.mean_loss(given_as([]))


class StepError(ZeroDivisionError, RuntimeError):
    """Two errors that an answer may have a use for."""


def test_an_error_in_a_step_passes_through():
    def steps():
        yield torch.tensor(1.0)
        raise StepError

    with raises(StepError, when="the generator of losses raises it"):
        memory.mean_loss(steps())


def test_no_graph_of_an_earlier_step_stays_alive(device):
    leaf = torch.zeros(3, dtype=torch.float64, device=device, requires_grad=True)
    graphs, recorded = Graphs(), []

    with situation("where the mean is 0"):
        yours = memory.mean_loss(step_losses(leaf, graphs, recorded))

    check(yours, 0.0, what="the mean of six losses that are 0")
    assert all(recorded), (
        "a loss that a generator computed when it was asked for has no graph: recording was off "
        "around the loop, and so in the generator too. item() or detach() need no no_grad"
    )

    # The loop variable may hold the step before.
    assert max(graphs.counts) <= 1, (
        f"when step 6 began, the graphs of {graphs.counts[-1]} earlier steps were alive: a "
        "tensor that is kept, in a sum, a list or a variable, keeps its graph. Take the number out "
        "of each as it comes"
    )
    assert graphs.alive() == [], (
        f"{len(graphs.alive())} graphs are alive after the call: keep numbers, not tensors"
    )


def test_losses_in_bfloat16_are_added_up_in_float64(device):
    values = [256.0, 1.0, 2.0**24, 1.0]
    losses = [torch.tensor(v, dtype=torch.bfloat16, device=device) for v in values]

    yours = memory.mean_loss(losses)

    check(
        yours,
        sum(values) / 4,
        what="the mean of 256, 1, 2**24 and 1, each in bfloat16",
        mistakes={
            "they are added up in bfloat16, where 256 + 1 is 256: add up Python floats": 2.0**22,
            "they are added up in float32, which has no odd numbers above 2**24: add up Python "
            "floats": (2.0**24 + 256) / 4,
        },
    )
