import custom_function
import pytest
import torch

from gradkata.checks import (
    any_layout,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    sample,
    unchanged,
)

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("Square")


@any_layout
def test_square_is_torchs(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Square.apply(x)

    check(y, torch.square(x), what="forward")


@any_layout
def test_square_multiplies_what_comes_in_by_2x(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)

    check_backward(
        custom_function.Square,
        torch.square,
        (x,),
        cotangent,
        mistakes={
            "the factor 2 is left out": lambda: cotangent * x,
            "x is the root of the output, which has lost the sign": lambda: 2 * cotangent * x.abs(),
        },
    )


def test_square_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    x[0, 0] = 0

    check(custom_function.Square.apply(x), torch.square(x), what="forward")
    check_backward(
        custom_function.Square,
        torch.square,
        (x,),
        torch.ones_like(x),
        mistakes={"it divides by x: 0 / 0 is NaN": lambda: 2 * (x * x) / x},
    )


def test_square_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device)

    check_gradients(custom_function.Square.apply, (x,))
    check_three_orders(custom_function.Square.apply, torch.square, x)


def test_square_notices_when_x_is_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(custom_function.Square.apply, (x,))
    check_no_tensor_on_ctx(custom_function.Square, (x,))
