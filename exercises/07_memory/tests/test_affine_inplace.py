import memory
import pytest
import torch
from torch.autograd.graph import saved_tensors_hooks

from gradkata.checks import any_layout, check, edits_of, sample, situation, unchanged

from .shared import MADE_FINITE, large_infinite_and_nan, made_finite, nbytes_of, watched

pytestmark = pytest.mark.task("affine_inplace")


@any_layout
def test_affine_is_twice_x_plus_1(layout, device):
    # In thirds, which an addition rounds.
    x = sample(**layout, device=device).div_(3)
    edits = edits_of(x)

    with unchanged(x):
        y = memory.affine_inplace(x)
        assert edits_of(x) == edits, (
            "x was edited in place, which putting it back does not undo to the last bit: "
            "edit a new tensor"
        )

    check(y, 2 * (x + 1), what="2(x + 1)", mistakes={"1 is added last": lambda: 2 * x + 1})


@any_layout
def test_affine_is_differentiable(layout, device):
    x, v = sample(**layout, device=device, requires_grad=True), sample(**layout, device=device)

    with unchanged(x), situation("for a leaf x that requires grad"):
        y = memory.affine_inplace(x)
    check(y, 2 * (x + 1), what="2(x + 1) of x that requires grad")

    (gradient,) = torch.autograd.grad(y, x, v, allow_unused=True)
    assert gradient is not None, (
        "the result requires grad, and its graph does not lead back to x: it is a leaf of its own"
    )
    check(
        gradient,
        2 * v,
        what="the gradient for x",
        mistakes={
            "the product in place is hidden from autograd, by no_grad, data or detach": v,
            "grad_output is left out": torch.full_like(v, 2),
        },
    )


def test_affine_leaves_a_computed_x_alone(device):
    leaf, v = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(2))
    leaf[0] = v[-1] = large_infinite_and_nan(leaf)
    x = leaf.requires_grad_() * 3
    before, edits = x.detach().clone(), edits_of(x)

    y = memory.affine_inplace(x)

    check(
        x.detach(),
        before,
        what="x after the call, which was computed and may be edited in place",
        mistakes={"x itself is edited: edit the first new tensor": lambda: 2 * (before + 1)},
    )
    assert edits_of(x) == edits, "x was edited in place: edit the first new tensor"
    due = 2 * (before + 1)
    check(y.detach(), due, what="2(x + 1) in float32", mistakes=made_finite(due))
    (gradient,) = torch.autograd.grad(y, x, v)
    check(
        gradient,
        2 * v,
        what="the gradient for x in float32",
        mistakes={MADE_FINITE: lambda: 2 * v.nan_to_num()},
    )


def test_affine_makes_one_tensor(device):
    x = sample((4, 3), device=device, requires_grad=True)

    with watched(size=nbytes_of(x)) as probe:
        memory.affine_inplace(x)

    assert probe.made == 1, (
        f"{probe.made} storages of x's size are made, one is due: x + 1 makes one, and the "
        "product can be written into it"
    )


@pytest.mark.parametrize("shape", [(4, 3), ()], ids=str)
def test_affine_saves_nothing_of_the_size_of_x(shape, device):
    x = sample(shape, device=device, requires_grad=True)
    saved = []

    def pack(t):
        saved.append(t.detach())
        return t.detach()

    with saved_tensors_hooks(pack, lambda t: t):
        memory.affine_inplace(x)

    large = [tuple(t.shape) for t in saved if t.numel() >= x.numel()]
    assert not large, (
        f"x has shape {shape}, and a tensor of shape {large[0]} is saved for backward: multiplying "
        "by a tensor saves, multiplying by a number does not"
    )
