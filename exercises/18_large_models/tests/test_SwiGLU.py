import large_models
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import (
    any_layout,
    backward_of,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    forbid,
    sample,
    situation,
    tracked_copies,
    unchanged,
)

from .shared import Memory

pytestmark = pytest.mark.task("SwiGLU")

AUTOGRAD = ("torch.autograd.grad", "torch.autograd.backward", "torch.Tensor.backward")


def reference(gate, up):
    return F.silu(gate) * up


def of_second_order(function, gate, up):
    """Return the gradient for gate of the sum of the gradient for gate."""
    gate, up = tracked_copies(gate, up)
    (first,) = torch.autograd.grad(function(gate, up).sum(), gate, create_graph=True)
    return torch.autograd.grad(first.sum(), gate)[0]


@any_layout
def test_swiglu_is_silu_times_up(layout, device):
    gate, up = (sample(**layout, device=device) for _ in range(2))

    with unchanged(gate, up):
        y = large_models.SwiGLU.apply(gate, up)

    check(
        y,
        reference(gate, up),
        what="forward",
        mistakes={
            "gate and up are swapped": reference(up, gate),
            "it is a GLU: sigmoid in place of silu": gate.sigmoid() * up,
        },
    )


@any_layout
def test_swiglu_has_the_gradients_of_silu_times_up(layout, device):
    gate, up, v = (sample(**layout, device=device) for _ in range(3))
    s = gate.sigmoid()

    with forbid(*AUTOGRAD, reason="write the formula"):
        for_gate, for_up = backward_of(large_models.SwiGLU, (gate, up), v)

    slope = s * (1 + gate * (1 - s))
    check(
        for_gate,
        v * up * slope,
        what="backward: the gradient for gate",
        mistakes={
            "the slope is that of a sigmoid": v * up * s * (1 - s),
            "silu is differentiated as if s were a constant": v * up * s,
            "the slope misses its first term": v * up * gate * s * (1 - s),
            "up is left out": v * slope,
            "grad_output is left out": up * slope,
            "the two gradients are swapped": v * gate * s,
        },
    )
    check(
        for_up,
        v * gate * s,
        what="backward: the gradient for up",
        mistakes={"grad_output is left out": gate * s},
    )


def test_swiglu_keeps_float32(device):
    gate, up, v = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(3))
    gate[0, 0], gate[1, 1] = 100, -100

    y = large_models.SwiGLU.apply(gate, up)
    check(y, reference(gate, up), what="forward in float32, for a gate of ±100")
    check_backward(large_models.SwiGLU, reference, (gate, up), v)


@pytest.mark.parametrize("frozen", ["gate", "up"])
def test_swiglu_lets_either_be_frozen(frozen, device):
    gate, up, v = (sample((4, 3), device=device) for _ in range(3))
    leaf = (up if frozen == "gate" else gate).requires_grad_()

    with situation(f"with {frozen} frozen"):
        found = torch.autograd.grad(large_models.SwiGLU.apply(gate, up), leaf, v, allow_unused=True)

    due = torch.autograd.grad(reference(gate, up), leaf, v)
    check(found, due, what=f"the gradient for the other, with {frozen} frozen")


def test_swiglu_keeps_gate_and_up_and_nothing_else(device):
    gate, up = tracked_copies(*(sample((5, 4), device=device, strided=True) for _ in range(2)))
    made = {gate.untyped_storage().data_ptr(), up.untyped_storage().data_ptr()}
    others = []

    def pack(tensor):
        if tensor.untyped_storage().data_ptr() not in made:
            others.append(tuple(tensor.shape))
        return tensor.detach()

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t), Memory() as memory:
        y = large_models.SwiGLU.apply(gate, up)

    assert not others, (
        f"beside gate and up, tensors are saved for backward, {len(others)} in all, one of shape "
        f"{others[0]}: save gate and up themselves, no copies, and compute the rest again there"
    )
    more = memory.alive_at_most(y.numel()) - y.numel()
    assert more <= 0, (
        f"beside the output, {more} elements that forward has made are alive: keep gate and up"
    )


def test_swiglu_has_gradients_of_gradients(device):
    gate, up = (sample((1, 2), device=device) for _ in range(2))
    check_gradients(large_models.SwiGLU.apply, (gate, up))

    gate, up = torch.tensor([[100.0, -100.0]], device=device), up.float()
    check(
        of_second_order(large_models.SwiGLU.apply, gate, up),
        of_second_order(reference, gate, up),
        what="the gradient of a gradient in float32, for a gate of ±100",
    )


def test_swiglu_notices_when_a_tensor_it_needs_is_changed_before_backward(device):
    gate, up = (sample((4, 3), device=device, gap=0.3) for _ in range(2))
    check_edits_are_noticed(large_models.SwiGLU.apply, (gate, up))
