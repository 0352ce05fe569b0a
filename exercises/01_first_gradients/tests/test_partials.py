import first_gradients
import pytest
import torch

from gradkata.checks import (
    IdentityWithoutBackward,
    check,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import (
    MADE_FINITE,
    an_error_of_f_comes_through,
    ctrl_c_comes_through,
    stopped,
    without_func,
)

pytestmark = pytest.mark.task("partials")


def infinite(shape, device):
    """Return what 0 times it is no zeros of: ∞, of neither the other's nor the default dtype."""
    return torch.full(shape, torch.inf, dtype=torch.float16, device=device)


@without_func
@pytest.mark.parametrize(
    ("shape_x", "shape_y"),
    [((4, 1), (4, 3)), ((4, 3), (4, 1)), ((), (3,)), ((3,), ())],
    ids=str,
)
def test_partials_are_those_of_the_formula(shape_x, shape_y, device):
    x, y = sample(shape_x, device=device), sample(shape_y, device=device)
    by_x = (x.cos() * y.exp()).sum_to_size(x.shape)
    by_y = (x.sin() * y.exp()).sum_to_size(y.shape)

    with situation(f"given x of shape {shape_x} and y of shape {shape_y}"):
        result = first_gradients.partials(lambda x, y: (x.sin() * y.exp()).sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of Σ sin x · exp y",
        mistakes={"the two are swapped: the gradient by x comes first": (by_y, by_x)},
    )


@without_func
def test_partials_take_strided_tensors_in_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32, strided=True)
    y = sample((3, 4), device=device, dtype=torch.float32).T
    weight = sample((3,), device=device, dtype=torch.float32)
    by_x, by_y = x.cos() * y * weight, x.sin() * weight

    with situation("given x, y and a vector that f multiplies with, all in float32"):
        result = first_gradients.partials(lambda x, y: ((x.sin() * y) @ weight).sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of Σ (sin x · y) @ weight in float32",
        mistakes={"the two are swapped: the gradient by x comes first": (by_y, by_x)},
    )


@without_func
def test_partials_are_zeros_for_a_second_argument_that_f_ignores(device):
    x, y = sample((4, 3), device=device), infinite((4, 1), device)
    weight = sample((4, 3), device=device, requires_grad=True)
    by_x, by_y = 2 * (weight * x).detach(), torch.zeros_like(y)

    with stale_memory(), situation("given an f that ignores y, and uses a tensor that records"):
        result = first_gradients.partials(lambda x, y: (weight * x.square()).sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of an f that ignores y",
        mistakes={
            "autograd's None for y, which f ignores, is passed on: zeros of y's shape are due": (
                by_x,
                None,
            )
        },
    )


@without_func
def test_partials_are_zeros_for_a_first_argument_that_f_ignores(device):
    x, y = infinite((4, 3), device), sample((4, 1), device=device)
    weight = sample((4, 1), device=device, requires_grad=True)
    by_x, by_y = torch.zeros_like(x), 2 * (weight * y).detach()

    with stale_memory(), situation("given an f that ignores x, and uses a tensor that records"):
        result = first_gradients.partials(lambda x, y: (weight * y.square()).sum(), x, y)

    check(
        result,
        (by_x, by_y),
        what="the gradients of an f that ignores x",
        mistakes={
            "autograd's None for x, which f ignores, is passed on: zeros of x's shape are due": (
                None,
                by_y,
            )
        },
    )


@without_func
def test_partials_leave_both_as_they_were(device):
    x = sample((4, 3), device=device)
    y = sample((4, 1), device=device, requires_grad=True)
    y.grad = sample((4, 1), device=device)

    with unchanged(x, y):
        result = first_gradients.partials(lambda x, y: (x * y).sum(), x, y)

    check(
        result,
        (y.detach().expand(4, 3), x.sum(1, keepdim=True)),
        what="the gradients of Σ x · y",
    )


@without_func
def test_partials_write_no_grad_of_another_tensor_that_f_uses(device):
    x, y = sample((4, 3), device=device), sample((4, 1), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    result = first_gradients.partials(lambda x, y: (weight * x * y).sum(), x, y)

    by_x, by_y = (weight * y).detach(), (weight * x).sum(1, keepdim=True).detach()
    check(result, (by_x, by_y), what="the gradients of Σ weight · x · y")
    assert weight.grad is None, (
        "f uses a leaf, weight, and weight.grad is written: .backward() writes the .grad of every "
        "leaf; torch.autograd.grad returns the gradients by x and y and writes none"
    )


@without_func
def test_partials_take_the_same_tensor_twice_and_let_nan_and_infinity_through(device):
    x = sample((4, 3), device=device)
    x[-1] = x.new_tensor([torch.inf, torch.nan, 1e6])
    by_first, by_second = 2 * x.square(), x.square()
    both = by_first + by_second

    with situation("given one tensor as both x and y"), unchanged(x):
        result = first_gradients.partials(lambda x, y: (x.square() * y).sum(), x, x)

    check(
        result,
        (by_first, by_second),
        what="the gradients of Σ x² · y where x is y",
        mistakes={
            "x and y are one leaf, which gets the sum of both gradients: give each its own, "
            "with detach()": (both, both),
            MADE_FINITE: lambda: (by_first.nan_to_num(), by_second.nan_to_num()),
        },
    )


@without_func
def test_partials_do_not_follow_x_back_to_y(device):
    y = sample((4, 3), device=device, requires_grad=True)
    x = y.exp()

    with situation("given an x that was computed from y"), unchanged(x, y):
        result = first_gradients.partials(lambda x, y: (x.square() * y).sum(), x, y)

    by_x, by_y = (2 * x * y).detach(), x.square().detach()
    check(
        result,
        (by_x, by_y),
        what="the gradients of Σ x² · y where x = exp(y)",
        mistakes={
            "the gradient by y also runs through x, which was computed from y: "
            "cut both off with detach()": (by_x, by_y + by_x * x.detach())
        },
    )


@without_func
def test_partials_let_an_error_of_f_through(device):
    x, y = sample((4, 3), device=device), sample((4, 1), device=device)

    with an_error_of_f_comes_through():
        first_gradients.partials(lambda x, y: (x * IdentityWithoutBackward.apply(y)).sum(), x, y)

    with ctrl_c_comes_through():
        first_gradients.partials(stopped, x, y)
