import first_gradients
import pytest
import torch

from gradkata.checks import (
    IdentityWithoutBackward,
    SquareWithSlope7,
    any_layout,
    check,
    inside_no_grad,
    sample,
    situation,
    unchanged,
)

from .shared import (
    BY_ITSELF,
    MADE_FINITE,
    an_error_of_f_comes_through,
    ctrl_c_comes_through,
    stopped,
    without_func,
)

pytestmark = pytest.mark.task("gradient")


@without_func
@any_layout
def test_gradient_is_that_of_the_formula(layout, device):
    x, weight = sample(**layout, device=device), sample(**layout, device=device)
    expected = weight * x.cos()

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x):
        result = first_gradients.gradient(lambda x: (weight * x.sin()).sum(), x)

    check(result, expected, what="the gradient of Σ weight · sin x")


@without_func
def test_gradient_leaves_an_x_that_records_with_its_own_grad(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    earlier = x.grad.clone()

    with unchanged(x):
        result = first_gradients.gradient(lambda x: x.square().sum(), x)

    check(
        result,
        2 * x.detach(),
        what="the gradient of Σx², where x.grad holds something from before",
        mistakes={
            "backward adds to what x.grad held before": 2 * x.detach() + earlier,
        },
    )


@without_func
def test_gradient_writes_no_grad_of_another_tensor_that_f_uses(device):
    x = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    result = first_gradients.gradient(lambda x: (weight * x.square()).sum(), x)

    check(result, 2 * (weight * x).detach(), what="the gradient of Σ weight · x²")
    assert weight.grad is None, (
        "f uses a leaf, weight, and weight.grad is written: .backward() writes the .grad of every "
        "leaf; torch.autograd.grad returns the gradient by x and writes none"
    )


@without_func
def test_gradient_takes_an_x_that_was_computed_itself(device):
    start = sample((4, 3), device=device, requires_grad=True)
    x = start.exp()

    with situation("given an x that was itself computed, and so is no leaf"), unchanged(x):
        result = first_gradients.gradient(lambda x: x.square().sum(), x)

    check(result, 2 * x.detach(), what="the gradient of Σx², where x = exp(start)")
    assert start.grad is None, (
        "x was computed from a leaf, start, and start.grad is written: "
        "cut x off from its past with x.detach() first"
    )


@without_func
def test_gradient_works_inside_no_grad(device):
    x = sample((4, 3), device=device)

    with inside_no_grad(), unchanged(x):
        result = first_gradients.gradient(lambda x: x.square().sum(), x)

    check(result, 2 * x, what="the gradient of Σx², called inside torch.no_grad()")


@without_func
@pytest.mark.parametrize("records", [False, True], ids=["plain x", "x that records"])
def test_gradient_holds_an_x_that_f_uses_by_itself_constant(records, device):
    x = sample((4, 3), device=device, requires_grad=records)

    result = first_gradients.gradient(lambda t: (t * x).sum(), x)

    check(
        result,
        x.detach(),
        what="the gradient of f(t) = Σ t·x at x",
        mistakes={BY_ITSELF: 2 * x.detach()},
    )


@without_func
def test_gradient_is_the_one_that_backward_gives(device):
    x = sample((4, 3), device=device)

    result = first_gradients.gradient(lambda x: SquareWithSlope7.apply(x).sum(), x)

    check(
        result,
        torch.full_like(x, 7),
        what="the gradient of Σx² with a backward of its own, which says 7",
        mistakes={"f is measured at nearby points, and autograd is not asked": 2 * x},
        rtol=1e-3,
        atol=1e-3,
    )


@without_func
def test_gradient_keeps_float32_and_lets_nan_and_infinity_through(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    x[0, 0] = torch.nan
    weight = torch.tensor([2.0, -1e6, torch.inf], device=device)
    expected = x.cos() * weight

    with situation("given x in float32, where f multiplies sin x by a float32 vector"):
        result = first_gradients.gradient(lambda x: (x.sin() @ weight).sum(), x)

    check(
        result,
        expected,
        what="the gradient of Σ sin x @ weight in float32",
        mistakes={MADE_FINITE: lambda: expected.nan_to_num()},
    )


@without_func
def test_gradient_lets_an_error_of_f_through_and_recording_stays_off(device):
    x = sample((4, 3), device=device)

    with inside_no_grad(), an_error_of_f_comes_through():
        first_gradients.gradient(lambda x: IdentityWithoutBackward.apply(x).sum(), x)

    with ctrl_c_comes_through():
        first_gradients.gradient(stopped, x)
