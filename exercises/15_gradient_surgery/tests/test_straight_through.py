import gradient_surgery
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import any_layout, check, sample, situation, tracked_copies, unchanged

from .shared import MADE_FINITE, large_infinite_and_nan

pytestmark = pytest.mark.task("straight_through")


@any_layout
def test_straight_through_gives_the_whole_gradient_to_soft(layout, device):
    hard, soft = (sample(**layout, device=device, requires_grad=True) for _ in range(2))
    v, w = (sample(**layout, device=device) for _ in range(2))
    v.requires_grad_()

    twice, thrice = hard * 2, soft * 3
    others = twice.sin() + thrice.sin()  # whose backward needs both as they are now

    with unchanged(twice, thrice):
        result = gradient_surgery.straight_through(twice, thrice)
    check(result, twice.detach() + soft - soft.detach(), what="forward")
    with situation("in the backward of another operation on hard and soft"):
        torch.autograd.grad(others.sum(), (hard, soft), retain_graph=True)
    to_hard, to_soft = torch.autograd.grad(
        result, (hard, soft), v, allow_unused=True, create_graph=True
    )
    with situation("in the gradient of the gradient for soft, by what comes in"):
        (again,) = torch.autograd.grad((to_soft * w).sum(), v)
    v = v.detach()

    check(again, 3 * w, what="the gradient of the gradient for soft, by what comes in")
    check(
        to_soft.detach(),
        3 * v,
        what="the gradient for soft",
        mistakes={"none of it reaches soft": lambda: torch.zeros_like(v)},
    )
    check(
        torch.zeros_like(v) if to_hard is None else to_hard.detach(),
        torch.zeros_like(v),
        what="the gradient for hard, which has a graph",
        mistakes={
            "hard gets the gradient too: detach it": 2 * v,
            "hard gets the gradient, and with the wrong sign": -2 * v,
        },
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("kind", [torch.int64, torch.bool, torch.float64], ids=str)
def test_straight_through_keeps_a_choice_to_the_last_bit(kind, dtype, device):
    (soft,) = tracked_copies(sample((300, 5), device=device, dtype=dtype, low=-4, high=4))
    hard = F.one_hot(soft.argmax(-1), 5).to(kind)

    with unchanged(hard, soft):
        result = gradient_surgery.straight_through(hard, soft)

    due = hard.to(dtype) + (soft - soft.detach())
    check(
        result,
        due,
        what=f"1,500 values of a choice in {hard.dtype}, soft being {dtype}",
        rtol=0,
        atol=0,
        mistakes={
            "the value is rounded: soft is added to what it was taken away from, which does not "
            "give exactly hard back": lambda: soft + (hard.to(dtype) - soft).detach(),
        },
    )


def test_straight_through_takes_any_value(device):
    hard = sample((4, 3), device=device, dtype=torch.float32, low=-1e-3, high=1e-3)
    soft = sample((4, 3), device=device, low=-1e4, high=1e4, requires_grad=True)
    v = sample((4, 3), device=device)
    v[-1] = large_infinite_and_nan(v)

    for chosen in (hard, 2**24 + torch.arange(12, device=device).view(4, 3)):
        result = gradient_surgery.straight_through(chosen, soft)
        check(
            result,
            chosen.double() + 0 * soft,
            what=f"hard in {chosen.dtype}, soft in float64",
            rtol=0,
            atol=0,
            mistakes={
                "it was rounded to float32 on its way": lambda c=chosen: (
                    c.float().double() + 0 * soft
                )
            },
        )
        (gradient,) = torch.autograd.grad(result, soft, v)
        check(gradient, v, what="the gradient for soft", mistakes={MADE_FINITE: v.nan_to_num()})


def test_straight_through_gives_hard_nothing_where_soft_has_no_graph(device):
    soft, hard = sample((4, 3), device=device), sample((4, 3), device=device, requires_grad=True)

    result = gradient_surgery.straight_through(hard, soft)

    check(result.detach(), hard.detach(), what="soft without a graph, hard with one")
    to_hard = torch.zeros_like(hard)
    if result.requires_grad:  # as the output of a Function does that was given hard
        (found,) = torch.autograd.grad(result.sum(), hard, allow_unused=True)
        to_hard = to_hard if found is None else found
    check(to_hard, torch.zeros_like(hard), what="the gradient for hard, soft having no graph")
