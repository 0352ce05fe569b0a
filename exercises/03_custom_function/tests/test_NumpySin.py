import custom_function
import pytest
import torch

from gradkata.checks import (
    any_layout,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    raises,
    sample,
    unchanged,
)

from .shared import check_no_tensor_on_ctx

pytestmark = pytest.mark.task("NumpySin")


no_torch_sine = pytest.mark.forbid("sin", "cos", "sinc", reason="let NumPy compute it")


@no_torch_sine
@any_layout
def test_numpy_sin_is_the_sine(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.NumpySin.apply(x)

    check(y, torch.sin(x), what="forward")


@no_torch_sine
@any_layout
def test_numpy_sin_multiplies_what_comes_in_by_the_cosine(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(
        custom_function.NumpySin,
        torch.sin,
        (x,),
        cotangent,
        mistakes={"the slope is taken as sin x: it is cos x": lambda: cotangent * x.sin()},
    )


def test_numpy_sin_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    x[0, 0] = 0

    check(custom_function.NumpySin.apply(x), torch.sin(x), what="forward")
    check_backward(custom_function.NumpySin, torch.sin, (x,), torch.full_like(x, 3))


def test_numpy_sin_has_the_gradient_that_finite_differences_measure(device):
    x = sample((4, 3), device=device)

    check_gradients(custom_function.NumpySin.apply, (x,), twice=False)


def test_numpy_sin_refuses_a_gradient_of_the_gradient(device):
    x = sample((4, 3), device=device, requires_grad=True)
    y = custom_function.NumpySin.apply(x)

    with raises(
        RuntimeError,
        when="a gradient of the gradient is asked for, which autograd cannot see in NumPy",
        advice="mark backward with once_differentiable",
    ):
        (gradient,) = torch.autograd.grad((y * y).sum(), x, create_graph=True)
        # A second path to x, so that a gradient which is merely cut off is found out.
        (gradient.sum() + x.square().sum()).backward()


def test_numpy_sin_notices_when_x_is_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(custom_function.NumpySin.apply, (x,))
    check_no_tensor_on_ctx(custom_function.NumpySin, (x,))
