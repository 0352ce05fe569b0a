import first_gradients
import pytest
import torch

from gradkata.checks import any_layout, check, raises, sample, situation, unchanged

from .shared import without_func

pytestmark = pytest.mark.task("vector_backward")


def spread(x):
    """Give each element of x two elements of the result."""
    return x.sin()[..., None] * x.new_tensor([2.0, -3.0])


@without_func
@any_layout
def test_vector_backward_weighs_each_output(layout, device):
    x, v = sample(**layout, device=device), sample((*layout["shape"], 2), device=device)
    expected, unweighted = x.cos() * (2 * v[..., 0] - 3 * v[..., 1]), -x.cos()

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = first_gradients.vector_backward(spread, x, v)

    check(
        result,
        expected,
        what="vᵀJ of (2 sin x, -3 sin x)",
        mistakes={"v is left out: f(x) is summed, every element with weight 1": unweighted},
    )


@without_func
def test_vector_backward_takes_a_strided_v_and_a_0_d_output(device):
    x, v = sample((4, 3), device=device), sample((3, 4), device=device).T
    u = sample((), device=device)
    by_matrix_due, by_scalar_due = v * x.cos(), 2 * u * x

    by_matrix = first_gradients.vector_backward(torch.sin, x, v)
    by_scalar = first_gradients.vector_backward(lambda x: x.square().sum(), x, u)

    check(by_matrix, by_matrix_due, what="vᵀJ of sin x")
    check(by_scalar, by_scalar_due, what="vᵀJ of Σx², where v is 0-d")


@without_func
def test_vector_backward_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    v = sample((4, 3), device=device, dtype=torch.float32)
    expected = v * x.cos()

    result = first_gradients.vector_backward(torch.sin, x, v)

    check(result, expected, what="vᵀJ of sin x in float32")


@without_func
@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (3, 4)], ids=str)
def test_vector_backward_refuses_a_v_of_another_shape(shape, device):
    x, v = sample((4, 3), device=device), sample(shape, device=device)

    with raises(
        ValueError,
        when=f"v has shape {shape} and f(x) has shape (4, 3)",
        naming=["4, 3", str(shape)[1:-1]],
    ):
        first_gradients.vector_backward(torch.sin, x, v)


@without_func
def test_vector_backward_leaves_x_and_v_as_they_were(device):
    x = sample((4, 3), device=device)
    v = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x, v):
        result = first_gradients.vector_backward(torch.sin, x, v)

    check(result, (v * x.cos()).detach(), what="vᵀJ of sin x, where v records too")


@without_func
def test_vector_backward_writes_no_grad_of_another_tensor_that_f_uses(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    result = first_gradients.vector_backward(lambda x: weight * x.sin(), x, v)

    check(result, (weight * v * x.cos()).detach(), what="vᵀJ of weight · sin x")
    assert weight.grad is None, (
        "f uses a leaf, weight, and weight.grad is written: .backward() writes the .grad of every "
        "leaf; torch.autograd.grad returns the gradient by x and writes none"
    )


@without_func
def test_vector_backward_takes_an_x_that_was_computed_itself(device):
    start = sample((4, 3), device=device, requires_grad=True)
    x, v = start.exp(), sample((4, 3), device=device)

    with situation("given an x that was itself computed, and so is no leaf"), unchanged(x, v):
        result = first_gradients.vector_backward(torch.sin, x, v)

    check(result, v * x.detach().cos(), what="vᵀJ of sin x, where x = exp(start)")
    assert start.grad is None, (
        "x was computed from a leaf, start, and start.grad is written: "
        "cut x off from its past with x.detach() first"
    )
