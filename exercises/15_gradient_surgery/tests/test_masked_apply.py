import math

import gradient_surgery
import pytest
import torch

from gradkata.checks import (
    any_layout,
    check,
    sample,
    situation,
    tracked_copies,
    unchanged,
)

from .shared import demand_grad_mode

pytestmark = pytest.mark.task("masked_apply")

# f, where it is bad, its slope, the slope of its slope, and where it is smooth
FUNCTIONS = {
    "log": (torch.log, 0.0, lambda x: 1 / x, lambda x: -1 / x**2, 1.0),
    "sqrt": (torch.sqrt, 0.0, lambda x: 0.5 * x**-0.5, lambda x: -0.25 * x**-1.5, 1.0),
    "1/x": (torch.reciprocal, -0.0, lambda x: -1 / x**2, lambda x: 2 / x**3, 1.0),
    "1/(x − 1)": (
        lambda x: 1 / (x - 1),
        1.0,
        lambda x: -1 / (x - 1) ** 2,
        lambda x: 2 / (x - 1) ** 3,
        3.0,
    ),
    "x^1.5": (
        lambda x: x**1.5,
        -2.0,
        lambda x: 1.5 * x**0.5,
        lambda x: 0.75 * x**-0.5,
        1.0,
    ),
}

ADVICE = "0 · ∞ is NaN: let f see only elements at which it is smooth, `safe` for the others"


@any_layout
def test_masked_apply_is_f_where_the_mask_is_true(layout, device):
    x = sample(**layout, device=device, low=1.5, high=3)
    mask = sample(**layout, device=device) > 0
    mask.view(-1)[0] = True
    (leaf,) = tracked_copies(x)
    v = sample(**layout, device=device)

    def log(x):
        demand_grad_mode()
        return x.log()

    with unchanged(leaf, mask):
        result = gradient_surgery.masked_apply(log, leaf, mask, 7.0, 1.0)

    check(
        result,
        torch.where(mask, leaf.log(), 7.0),
        what="log, filled with 7",
        mistakes={
            "it is 0 where the mask is False: fill is due there": leaf.log() * mask,
            "the mask is taken the other way round": torch.where(mask, 7.0, leaf.log()),
        },
    )
    (gradient,) = torch.autograd.grad(result, leaf, v)
    check(
        gradient,
        v * mask / x,
        what="the gradient of log",
        mistakes={"the mask is ignored": v / x},
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_masked_apply_gives_0_where_f_is_bad(name, device):
    f, bad, slope, bend, safe = FUNCTIONS[name]
    x = sample((4, 3), device=device, low=1.5, high=3)
    mask = torch.ones_like(x, dtype=torch.bool)
    x[1, 2] = x[3, 0] = bad
    x[2, 2] = math.inf
    mask[1, 2] = mask[3, 0] = mask[2, 2] = False
    (leaf,) = tracked_copies(x)
    v = sample((4, 3), device=device)
    given = f"{name}, False at x = {bad:g} and ∞"

    result = gradient_surgery.masked_apply(f, leaf, mask, -1.0, safe)

    check(result.detach(), torch.where(mask, f(x), -1.0), what=f"the value of {given}")
    with situation(f"in the backward of {given}"):
        (first,) = torch.autograd.grad(result, leaf, v, create_graph=True)
    good = torch.where(mask, x, 2.0)
    zero = torch.zeros_like(x)
    due = torch.where(mask, v * slope(good), zero)
    check(
        first.detach(),
        due,
        what=f"the gradient of {given}",
        mistakes={
            f"a single where is not enough. {ADVICE}": lambda: torch.where(
                mask, due, zero * slope(x)
            )
        },
    )
    with situation(f"in the gradient of the gradient of {given}"):
        (second,) = torch.autograd.grad(first, leaf, v)
    check(
        second,
        torch.where(mask, v * v * bend(good), zero),
        what=f"the gradient of the gradient of {given}",
    )


@pytest.mark.parametrize("name", ["log", "1/(x − 1)"])
def test_masked_apply_lets_no_nan_arise_on_the_way_back(name, device):
    f, bad, slope, _, safe = FUNCTIONS[name]
    x = torch.tensor([bad, 2.0, 3.0, 5.0], dtype=torch.float64, device=device)
    mask = torch.tensor([False, True, False, True], device=device)
    (leaf,) = tracked_copies(x)
    v = torch.tensor([math.inf, 1.0, 1.0, 1.0], dtype=x.dtype, device=device)

    result = gradient_surgery.masked_apply(f, leaf, mask, 0.0, safe)
    before = torch.is_anomaly_enabled()
    torch.autograd.set_detect_anomaly(True)
    try:
        with situation(
            f"with {name}, False at x = {bad:g}, where ∞ comes in, `safe` being {safe:g}, in "
            "anomaly mode"
        ):
            (gradient,) = torch.autograd.grad(result, leaf, v)
    finally:
        torch.autograd.set_detect_anomaly(before)
    check(gradient, torch.where(mask, slope(x), 0.0), what=f"the gradient of {name}")


@pytest.mark.parametrize("everywhere", [True, False], ids=["all", "none"])
def test_masked_apply_takes_a_mask_of_all_or_none(everywhere, device):
    x = sample((4, 3), device=device, low=1, high=2)
    x = x if everywhere else -x
    x[2, 1] = x[2, 1] if everywhere else math.nan
    mask = torch.full_like(x, everywhere, dtype=torch.bool)
    (leaf,) = tracked_copies(x)

    result = gradient_surgery.masked_apply(torch.log, leaf, mask, 0.1, 1.0)

    due = x.log() if everywhere else torch.full_like(x, 0.1)
    check(
        result.detach(),
        due,
        what=f"a mask that is {everywhere} everywhere",
        rtol=1e-11,
        atol=0,
        mistakes={"fill is rounded to float32, although x is float64": due.float().double()},
    )
    assert result.requires_grad, (
        f"where the mask is {everywhere} everywhere the result has no graph: x requires grad, and "
        "is due a gradient, of zeros perhaps"
    )
    (gradient,) = torch.autograd.grad(result.sum(), leaf)
    check(gradient, 1 / x if everywhere else torch.zeros_like(x), what="its gradient")


def test_masked_apply_keeps_a_nan_that_is_due(device):
    x = torch.tensor([-1.0, 0.0, -2.0, 4.0, 1e-20, 2.0], dtype=torch.float64, device=device)
    mask = torch.tensor([True, True, False, True, True, True], device=device)
    v = torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, math.nan], dtype=x.dtype, device=device)
    (leaf,) = tracked_copies(x)

    result = gradient_surgery.masked_apply(torch.log, leaf, mask, 0.0, 1.0)

    check(
        result.detach(),
        torch.where(mask, x.log(), 0.0),
        what="log of [−1, 0, −2, 4, 1e−20, 2], False at −2",
        mistakes={
            "a NaN or an infinity that is the truth is hidden by a clamp: only elements where the "
            "mask is False may be replaced": lambda: torch.where(
                mask, x.clamp(min=1e-12).log(), 0.0
            ),
            "every NaN is replaced, also where the mask is True": lambda: torch.where(
                mask, x.log(), 0.0
            ).nan_to_num(),
        },
    )
    (gradient,) = torch.autograd.grad(result, leaf, v)
    expected = [-1.0, math.inf, 0.0, 0.25, 1e20, math.nan]
    check(
        gradient, x.new_tensor(expected), what="its gradient, NaN coming in at 2, and 1 elsewhere"
    )


def test_masked_apply_keeps_float32_and_the_gradients_of_others(device):
    x = sample((4, 3), device=device, dtype=torch.float32, low=-1)
    k = sample((), device=device, dtype=torch.float32, low=1, high=2, requires_grad=True)
    mask = x > 0

    result = gradient_surgery.masked_apply(lambda t: torch.log(t) * k, x, mask, 0.0, 1.0)

    logs = torch.where(mask, x, 1.0).log() * mask
    check(result.detach(), logs * k.detach(), what="k·log x in float32, x without a graph")
    with situation("asked for the gradient for k, x being without a graph"):
        (gradient,) = torch.autograd.grad(result.sum(), k)
    check(gradient, logs.sum(), what="the gradient for k")
