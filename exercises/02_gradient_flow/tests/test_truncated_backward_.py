import gradient_flow
import pytest
import torch
from torch import nn

from gradkata.checks import (
    a_leaf,
    build,
    check,
    counted,
    either_dtype,
    one_by_one,
    raises,
    sample,
    unchanged,
    weighted,
)

from .shared import MADE_FINITE, TORCHS_WORDS, ending_in_nan, refusing

pytestmark = pytest.mark.task("truncated_backward_")


class Recurrence(nn.Module):
    """h ← tanh(w · h + x), with one weight for each element of the state."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.rand(4, 3))

    def forward(self, x, h):
        # A view, as a state is that one call makes with others.
        return (self.w * h + x).tanh().view_as(h)


def run_by_hand(step, h, inputs, *, losses_at, cuts_at, swapped=False):
    """Return the gradient of w and the last state, with losses and cuts after these counts."""
    losses = []
    for count, x in enumerate(inputs, start=1):
        h = step(h, x) if swapped else step(x, h)
        losses += [weighted(h)] * (count in losses_at)
        h = h.detach() if count in cuts_at else h
    return torch.autograd.grad(sum(losses), step.w)[0], h.detach()


def a_sequence(device, length, **options):
    return [sample((4, 3), device=device, **options) for _ in range(length)]


@either_dtype
def test_the_gradient_stops_where_each_chunk_begins(dtype, device):
    step = build(Recurrence, device=device).to(dtype)
    h0, *inputs = a_sequence(device, 7, dtype=dtype)

    def by_hand(losses_at, cuts_at, **options):
        return run_by_hand(step, h0, inputs, losses_at=losses_at, cuts_at=cuts_at, **options)[0]

    halves = (inputs[:3], inputs[3:])
    from_h0 = [run_by_hand(step, h0, half, losses_at=(3,), cuts_at=())[0] for half in halves]

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 3)

    check(
        step.w.grad,
        by_hand((3, 6), (3,)),
        what="the gradient of w, 6 inputs in chunks of 3",
        mistakes={
            "h is never cut: each loss reaches back to the first input": by_hand((3, 6), ()),
            "h is cut too often: each loss reaches back over one input": by_hand((3, 6), range(6)),
            "the state starts over at h0 with every chunk": sum(from_h0),
            "only the last chunk's loss is back-propagated": by_hand((6,), (3,)),
            "one loss is back-propagated at the end, through all inputs": by_hand((6,), ()),
            "every input has a loss, not only the last of a chunk": by_hand(range(7), (3,)),
            "step gets the state first, and then the input": by_hand((3, 6), (3,), swapped=True),
        },
    )


@pytest.mark.parametrize(("every", "whole"), [(2, (2, 4)), (4, (4,))])
def test_a_shorter_rest_is_a_chunk_too(every, whole, device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    due, _ = run_by_hand(step, h0, inputs, losses_at=(*whole, 5), cuts_at=whole)
    without_rest, _ = run_by_hand(step, h0, inputs, losses_at=whole, cuts_at=whole)
    of_one_length, _ = run_by_hand(step, h0, inputs, losses_at=(3, 5), cuts_at=(3,))

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, every)

    check(
        step.w.grad,
        due,
        what=f"the gradient of w, 5 inputs in chunks of {every}",
        mistakes={
            "the rest after the last whole chunk is left out": without_rest,
            "the rest is shared out, so that the chunks are about equally long": of_one_length,
        },
    )


@pytest.mark.parametrize("every", [3, 9])
def test_a_chunk_may_hold_all_inputs(every, device):
    step = build(Recurrence, device=device)
    (h0,) = a_sequence(device, 1)
    inputs = [h0, h0, h0]
    due, _ = run_by_hand(step, h0, inputs, losses_at=(3,), cuts_at=())

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, every)

    check(
        step.w.grad,
        due,
        what=f"the gradient of w, 3 inputs in chunks of {every}, all of them the same tensor",
    )


def test_chunks_of_one_cut_after_every_input(device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 4)
    due, _ = run_by_hand(step, h0, inputs, losses_at=(1, 2, 3), cuts_at=(1, 2, 3))

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 1)

    check(step.w.grad, due, what="the gradient of w, 3 inputs in chunks of 1")


@pytest.mark.parametrize("every", [2, 5])
def test_the_last_state_comes_back_without_a_graph(every, device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    _, due = run_by_hand(step, h0, inputs, losses_at=(5,), cuts_at=())

    with unchanged(h0, *inputs):
        h = gradient_flow.truncated_backward_(step, h0, inputs, weighted, every)

    check(h, due, what=f"the last state of 5 inputs in chunks of {every}")


@pytest.mark.parametrize("count", [3, 4])
def test_the_loss_alone_may_have_parameters(count, device):
    weight = a_leaf((7,), device, grad=False)
    inputs = [sample((7,), device=device) for _ in range(count)]
    inputs[0] = ending_in_nan(inputs[0]).flip(0)
    h0 = ending_in_nan(torch.zeros_like(inputs[0]))
    whole, last = h0 + inputs[0] + inputs[1], sum(inputs, h0)

    h = gradient_flow.truncated_backward_(torch.add, h0, inputs, lambda h: (weight * h).sum(), 2)

    check(
        weight.grad,
        whole + last,
        what=f"the gradient of a weight that only loss_fn uses, for {count} inputs in chunks of 2, "
        "the first of which, like h0, holds 1e6, inf and nan",
        mistakes={
            "the last chunk is left out": whole,
            "one loss too many is back-propagated, after the last chunk": whole + 2 * last,
            MADE_FINITE: (whole + last).nan_to_num(),
        },
    )
    what = "the last state, where h0 and the first input hold 1e6, inf and nan"
    check(h, last, what=what, mistakes={MADE_FINITE: last.nan_to_num()})


@pytest.mark.parametrize("give", [one_by_one, torch.stack], ids=["generator", "tensor"])
def test_inputs_may_be_a_generator_or_a_tensor(give, device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    due, last = run_by_hand(step, h0, inputs, losses_at=(2, 4, 5), cuts_at=(2, 4))

    h = gradient_flow.truncated_backward_(step, h0, give(inputs), weighted, 2)

    check(step.w.grad, due, what="the gradient of w, 5 inputs in chunks of 2")
    check(h, last, what="the last state")


def test_an_error_in_backward_passes_through(device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 3)

    with raises(RuntimeError, when="backward raises it in a chunk", naming=[TORCHS_WORDS]):
        gradient_flow.truncated_backward_(step, h0, inputs, lambda h: weighted(refusing(h)), 2)


def test_each_chunk_is_back_propagated_before_the_next_begins(device):
    module = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    arrived = []

    def step(x, h):
        arrived.append(module.w.grad is not None)
        return module(x, h)

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 2)

    assert arrived == [False, False, True, True, True], (
        "with chunks of 2, w has a gradient before each of 5 inputs: "
        f"{arrived}, where [False, False, True, True, True] is due. Back-propagate each chunk at "
        "its end, so that its graph can go before the next begins"
    )


def test_gradients_are_added_to_those_that_are_there(device):
    step = build(Recurrence, device=device)
    h0, *inputs = a_sequence(device, 6)
    added, _ = run_by_hand(step, h0, inputs, losses_at=(2, 4, 5), cuts_at=(2, 4))
    step.w.grad = torch.ones_like(step.w)

    gradient_flow.truncated_backward_(step, h0, inputs, weighted, 2)

    check(step.w.grad, 1 + added, what="the gradient of w, which was 1 before the call")


def test_each_input_is_stepped_once_and_each_chunk_has_one_loss(device):
    step = counted(build(Recurrence, device=device))
    loss_fn = counted(weighted)
    h0, *inputs = a_sequence(device, 6)

    gradient_flow.truncated_backward_(step, h0, inputs, loss_fn, 2)

    assert step.calls == 5, f"step was called {step.calls} times for 5 inputs: once for each is due"
    assert loss_fn.calls == 3, (
        f"loss_fn was called {loss_fn.calls} times for 5 inputs in chunks of 2: "
        "call it at the end of each chunk, 3 times here"
    )
