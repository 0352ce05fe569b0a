import custom_function
import pytest
import torch

from gradkata.checks import (
    any_layout,
    backward_of,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    sample,
    stale_memory,
    unchanged,
)

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("ReLU")


INF = float("inf")


@any_layout
def test_relu_is_torchs(layout, device):
    x = sample(**layout, device=device, gap=0.1)

    with unchanged(x):
        y = custom_function.ReLU.apply(x)

    check(y, torch.relu(x), what="forward")


def test_relu_keeps_nan_and_sends_minus_infinity_to_0(device):
    x = torch.tensor([float("nan"), -INF, INF, -1.0], device=device)

    y = custom_function.ReLU.apply(x)

    check(
        y,
        torch.relu(x),
        what="forward of [nan, -inf, inf, -1]",
        mistakes={
            "x is multiplied by a mask: -inf · 0 is NaN": lambda: x * (x > 0),
            "NaN > 0, which is False, decides: NaN is lost": lambda: torch.where(x > 0, x, 0.0),
        },
    )


def test_relu_of_a_negative_number_is_0_without_a_sign(device):
    x = -sample((4, 3), device=device, low=0.5)

    y = custom_function.ReLU.apply(x)

    assert not y.signbit().any(), "forward: negative x gives -0.0; torch gives 0.0"


@any_layout
def test_relu_lets_the_gradient_through_where_x_is_positive(layout, device):
    x, cotangent = sample(**layout, device=device, gap=0.1), sample(**layout, device=device)

    with stale_memory():
        check_backward(custom_function.ReLU, torch.relu, (x,), cotangent)


def test_relu_has_slope_0_at_the_kink_and_1_at_infinity(device):
    tiny = torch.finfo(torch.float64).tiny
    x = torch.tensor([-INF, 0.0, tiny, INF], dtype=torch.float64, device=device)
    cotangent = torch.tensor([5.0, 7.0, 8.0, 11.0], dtype=torch.float64, device=device)

    (gradient,) = backward_of(custom_function.ReLU, (x,), cotangent)

    check(
        gradient,
        torch.tensor([0.0, 0.0, 8.0, 11.0], dtype=torch.float64, device=device),
        what=f"backward at [-inf, 0, {tiny:.1g}, inf]",
        mistakes={
            "the slope at 0 is 1": lambda: cotangent * (x >= 0),
            "the slope is the output over x, and inf / inf, which is NaN, is made 0": lambda: (
                cotangent * (x == tiny)
            ),
            "the slope at 0 is 1/2": lambda: cotangent * torch.heaviside(x, x.new_tensor(0.5)),
        },
    )


def test_relu_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32, gap=0.1)

    check(custom_function.ReLU.apply(x), torch.relu(x), what="forward")
    check_backward(custom_function.ReLU, torch.relu, (x,), torch.full_like(x, 3))


def test_relu_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device, gap=0.1)

    check_gradients(lambda x: custom_function.ReLU.apply(x).square(), (x,))
    check_three_orders(
        lambda x: custom_function.ReLU.apply(x) ** 2, lambda x: torch.relu(x) ** 2, x
    )


def test_relu_notices_when_a_tensor_it_needs_is_changed_before_backward(device):
    x = sample((4, 3), device=device, gap=0.5)

    check_edits_are_noticed(custom_function.ReLU.apply, (x,))
    check_no_tensor_on_ctx(custom_function.ReLU, (x,))
