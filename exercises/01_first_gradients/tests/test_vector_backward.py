import first_gradients
import pytest
import torch

from gradkata.checks import (
    IdentityWithoutBackward,
    any_layout,
    check,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import (
    BY_ITSELF,
    MADE_FINITE,
    an_error_of_f_comes_through,
    ctrl_c_comes_through,
    sine_where_recording_is_on,
    stopped,
    without_func,
)

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
def test_vector_backward_takes_a_strided_v_and_a_0_d_output_and_lets_nan_through(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device).T
    x[-1] = x.new_tensor([torch.inf, torch.nan, 1e6])
    u = sample((), device=device)
    by_matrix_due, by_scalar_due = v.T * x.cos(), 2 * u * x

    by_matrix = first_gradients.vector_backward(lambda x: x.T.sin(), x, v)
    by_scalar = first_gradients.vector_backward(lambda x: x.square().sum(), x, u)

    check(
        by_matrix,
        by_matrix_due,
        what="vᵀJ of sin x.T",
        mistakes={MADE_FINITE: lambda: by_matrix_due.nan_to_num()},
    )
    check(
        by_scalar,
        by_scalar_due,
        what="vᵀJ of Σx², where v is 0-d",
        mistakes={MADE_FINITE: lambda: by_scalar_due.nan_to_num()},
    )


@without_func
def test_vector_backward_keeps_float32_and_what_f_returned(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    v = sample((4, 3), device=device, dtype=torch.float32)
    mix = sample((3, 3), device=device, dtype=torch.float32)
    expected = (v * (x @ mix).exp()) @ mix.T

    with situation("given exp(x @ mix), whose backward needs its result as it was returned"):
        result = first_gradients.vector_backward(lambda x: (x @ mix).exp(), x, v)

    check(result, expected, what="vᵀJ of exp(x @ mix) in float32")


@without_func
@pytest.mark.parametrize(
    ("shape", "f", "of_f"),
    [
        ((1, 3), torch.sin, (4, 3)),
        ((3, 4), torch.sin, (4, 3)),
        ((), torch.sin, (4, 3)),
        ((2, 1), torch.sum, ()),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_vector_backward_refuses_a_v_of_another_shape(shape, f, of_f, device):
    x, v = sample((4, 3), device=device), sample(shape, device=device)

    with raises(
        ValueError,
        when=f"v has shape {shape} and f(x) has shape {of_f}",
        naming=[str(of_f)[1:-1], str(shape)[1:-1]],
    ):
        first_gradients.vector_backward(f, x, v)


@without_func
def test_vector_backward_leaves_x_and_v_as_they_were(device):
    x = sample((4, 3), device=device)
    v = sample((4, 3), device=device, requires_grad=True)

    with unchanged(x, v):
        result = first_gradients.vector_backward(lambda x: x + 1, x, v)

    check(result, v.detach(), what="vᵀJ of x + 1, where v records and backward hands it on")


@without_func
def test_vector_backward_takes_one_tensor_as_x_and_v_and_leaves_recording_on_where_f_runs(device):
    x = sample((4, 3), device=device)

    with situation("given one tensor as both x and v"), unchanged(x):
        result = first_gradients.vector_backward(sine_where_recording_is_on, x, x)

    check(
        result,
        x * x.cos(),
        what="vᵀJ of sin x, where v is x",
        mistakes={"v counts as varying too, where it is x": x * x.cos() + x.sin()},
    )


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
        result = first_gradients.vector_backward(lambda t: t.sin() * x, x, v)

    at = x.detach()
    check(
        result,
        v * at.cos() * at,
        what="vᵀJ of f(t) = x · sin t at x",
        mistakes={BY_ITSELF: v * (at.cos() * at + at.sin())},
    )
    assert start.grad is None, (
        "x was computed from a leaf, start, and start.grad is written: "
        "cut x off from its past with x.detach() first"
    )


@without_func
def test_vector_backward_lets_an_error_of_f_through(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    with an_error_of_f_comes_through():
        first_gradients.vector_backward(IdentityWithoutBackward.apply, x, v)

    with ctrl_c_comes_through():
        first_gradients.vector_backward(stopped, x, v)
