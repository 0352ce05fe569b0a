import custom_function
import pytest
import torch
from torch.autograd.function import FunctionCtx

from gradkata.checks import (
    backward_of,
    check,
    check_edits_are_noticed,
    check_gradients,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("MaxWithIndex")


INF = float("inf")


any_dim = pytest.mark.parametrize("dim", [0, 1, -1, -2])


@any_dim
def test_max_with_index_finds_values_and_indices(dim, device):
    x = sample((4, 3), device=device)

    with unchanged(x):
        found = custom_function.MaxWithIndex.apply(x, dim)

    check(found, tuple(torch.max(x, dim)), what="forward")


def gradient_of_max(x, dim, cotangent):
    """Return torch's own gradient for x."""
    x = x.detach().requires_grad_()
    return torch.autograd.grad(torch.max(x, dim).values, x, cotangent)[0]


@any_dim
def test_max_with_index_sends_the_gradient_to_the_largest_values(dim, device):
    x = sample((4, 3), device=device, strided=True)
    cotangent = sample(torch.max(x, dim).values.shape, device=device)
    due = gradient_of_max(x, dim, cotangent)

    with stale_memory(), situation(f"for dim = {dim}"):
        (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, dim), cotangent, None)

    check(
        gradient,
        due,
        what="backward",
        mistakes={
            "the incoming gradient is left out": lambda: gradient_of_max(
                x, dim, torch.ones_like(cotangent)
            ),
            "what torch.empty makes is not 0 but what its memory held, here NaN": (
                due.where(due != 0, float("nan"))
            ),
        },
    )


@pytest.mark.parametrize("shape, dim", [((5,), 0), ((2, 3, 4), 1), ((2, 3, 4), -3)], ids=str)
def test_max_with_index_takes_any_number_of_axes(shape, dim, device):
    x = sample(shape, device=device)
    due = torch.max(x, dim).values
    cotangent = sample(due.shape, device=device, strided=due.ndim > 0)

    with situation("with an incoming gradient that is not contiguous"):
        (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, dim), cotangent, None)

    check(custom_function.MaxWithIndex.apply(x, dim), tuple(torch.max(x, dim)), what="forward")
    check(gradient, gradient_of_max(x, dim, cotangent), what="backward")


def test_max_with_index_marks_the_indices_as_not_differentiable(device, monkeypatch):
    x, marked = sample((4, 3), device=device, requires_grad=True), []
    # Patched beside the call of the real one, which forgets what it was given.
    mark = FunctionCtx.mark_non_differentiable
    monkeypatch.setattr(
        FunctionCtx,
        "mark_non_differentiable",
        lambda ctx, *outputs: marked.extend(outputs) or mark(ctx, *outputs),
    )

    _, indices = custom_function.MaxWithIndex.apply(x, 1)

    check(indices, torch.max(x, 1).indices, what="the indices")
    assert any(output is indices for output in marked), (
        "forward: the indices, which have no gradient, are not marked: "
        "call ctx.mark_non_differentiable(indices) with the tensor that is returned"
    )


def test_max_with_index_gets_none_for_the_indices_and_for_what_nobody_used(device):
    received = []

    class Observed(custom_function.MaxWithIndex):
        @staticmethod
        def backward(ctx, *gradients):
            received.extend(gradients)
            return custom_function.MaxWithIndex.backward(ctx, *gradients)

    values, _ = Observed.apply(sample((4, 3), device=device, requires_grad=True), 1)
    values.sum().backward()

    assert received[1] is None, (
        "forward: a gradient that nobody computed comes into backward as zeros: "
        "call ctx.set_materialize_grads(False)"
    )


def test_max_with_index_answers_none_with_none(device):
    x = sample((4, 3), device=device)

    with situation("where grad_values is None"):
        (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, 1), None, None)

    assert gradient is None, (
        f"backward: grad_values is None, and the gradient for x is {gradient}: return None"
    )


def test_max_with_index_notices_when_the_indices_are_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(lambda x: custom_function.MaxWithIndex.apply(x, 1), (x,))
    check_no_tensor_on_ctx(custom_function.MaxWithIndex, (x, 1))


def test_max_with_index_keeps_float32_and_takes_infinities(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    x[:2, 0] = torch.tensor([INF, -INF], device=device)
    cotangent = sample((4,), device=device, dtype=torch.float32)

    (gradient, _) = backward_of(custom_function.MaxWithIndex, (x, 1), cotangent, None)

    values, indices = torch.max(x, 1)
    largest = torch.nn.functional.one_hot(indices, 3)
    check(
        custom_function.MaxWithIndex.apply(x, 1),
        (values, indices),
        what="forward of rows that hold inf and -inf",
        mistakes={
            "x is multiplied by a mask: 0 · inf is NaN": lambda: ((largest * x).sum(1), indices)
        },
    )
    check(
        gradient,
        gradient_of_max(x, 1, cotangent),
        what="backward for such rows",
        mistakes={
            "the distance from the largest value decides: inf - inf is NaN": lambda: (
                cotangent.unsqueeze(1) * (x - values.unsqueeze(1) == 0)
            )
        },
    )


def test_max_with_index_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device)

    check_gradients(lambda x: custom_function.MaxWithIndex.apply(x, -1)[0].square(), (x,))
    check_three_orders(
        lambda x: custom_function.MaxWithIndex.apply(x, -1)[0].square(),
        lambda x: x.amax(-1).square(),
        x,
    )
