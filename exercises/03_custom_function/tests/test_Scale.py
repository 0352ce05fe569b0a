import custom_function
import pytest
import torch

from gradkata.checks import any_layout, check, check_backward, check_gradients, sample, unchanged

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("Scale")


@any_layout
def test_scale_is_a_product_with_k(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Scale.apply(x, -0.7)

    check(y, x * -0.7, what="forward")


@any_layout
def test_scale_gives_a_gradient_for_x_and_none_for_k(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(
        custom_function.Scale,
        lambda x, k: x * k,
        (x, -0.7),
        cotangent,
        mistakes={"the factor k is left out": cotangent},
    )


def test_scale_by_0_has_a_gradient_of_zeros(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)

    check_backward(custom_function.Scale, lambda x, k: x * k, (x, 0.0), cotangent)


def test_scale_remembers_the_k_of_each_call(device):
    x = sample((4, 3), device=device, requires_grad=True)
    y = custom_function.Scale.apply(x, 3.0)
    custom_function.Scale.apply(x, 5.0)

    (gradient,) = torch.autograd.grad(y, x, torch.full_like(x, 2))

    check(
        gradient,
        torch.full_like(x, 6).detach(),
        what="backward of 3x after another call with k = 5",
        mistakes={
            "k is kept where the next call overwrites it: keep it on ctx": lambda: torch.full_like(
                x, 10
            )
        },
    )


def test_scale_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    x[0, 0] = 0

    check(custom_function.Scale.apply(x, 1.5), x * 1.5, what="forward")
    check_backward(
        custom_function.Scale,
        lambda x, k: x * k,
        (x, 1.5),
        torch.ones_like(x),
        mistakes={"the output is divided by x: 0 / 0 is NaN": lambda: x * 1.5 / x},
    )
    check_no_tensor_on_ctx(custom_function.Scale, (x, 1.5))


def test_scale_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device)

    check_gradients(lambda x: custom_function.Scale.apply(x, 1.5).square(), (x,))
    check_three_orders(
        lambda x: custom_function.Scale.apply(x, 1.5).square(), lambda x: (x * 1.5).square(), x
    )
