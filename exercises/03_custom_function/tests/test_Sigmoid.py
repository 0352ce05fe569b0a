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
    forbid,
    node_of,
    sample,
    unchanged,
)

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("Sigmoid")


@any_layout
def test_sigmoid_is_torchs(layout, device):
    x = sample(**layout, device=device)

    with unchanged(x):
        y = custom_function.Sigmoid.apply(x)

    check(y, torch.sigmoid(x), what="forward")


@any_layout
def test_sigmoid_multiplies_what_comes_in_by_its_slope(layout, device):
    x, cotangent = sample(**layout, device=device), sample(**layout, device=device)
    s = torch.sigmoid(x)

    check_backward(
        custom_function.Sigmoid,
        torch.sigmoid,
        (x,),
        cotangent,
        mistakes={
            "the slope is taken as s: it is s · (1 - s)": lambda: cotangent * s,
            "the slope is taken as 1 - s: it is s · (1 - s)": lambda: cotangent * (1 - s),
            "sigmoid is applied to the saved output once more": lambda: (
                cotangent * s.sigmoid() * (1 - s.sigmoid())
            ),
        },
    )


def test_sigmoid_is_exact_at_plus_and_minus_1000_and_flat(device):
    x = torch.tensor([-1000.0, 1000.0], dtype=torch.float64, device=device)

    y = custom_function.Sigmoid.apply(x)
    (gradient,) = backward_of(custom_function.Sigmoid, (x,), torch.full_like(x, 3))

    check(
        y,
        torch.tensor([0.0, 1.0], dtype=torch.float64, device=device),
        what="forward of [-1000, 1000]",
        mistakes={
            "it is computed as exp(x) / (1 + exp(x)): inf / inf is NaN": lambda: (
                x.exp() / (1 + x.exp())
            )
        },
    )
    check(
        gradient,
        torch.zeros_like(x),
        what="backward at [-1000, 1000]",
        mistakes={"it divides by the output, which is 0 at -1000: 0 · inf is NaN": 0 / y.detach()},
    )


def test_sigmoid_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    check(custom_function.Sigmoid.apply(x), torch.sigmoid(x), what="forward")
    check_backward(custom_function.Sigmoid, torch.sigmoid, (x,), torch.full_like(x, 3))


def test_sigmoid_saves_its_output_and_not_its_input(device):
    x = sample((4, 3), device=device, requires_grad=True)

    y = custom_function.Sigmoid.apply(x)

    saved = node_of(custom_function.Sigmoid, y).saved_tensors
    assert len(saved) == 1, f"forward saves {len(saved)} tensors; save one, the output"
    assert saved[0].data_ptr() == y.data_ptr(), (
        "the tensor that forward saves is not its output: save the very tensor that is returned"
    )


def test_sigmoid_needs_no_sigmoid_in_backward(device):
    x, cotangent = sample((4, 3), device=device), sample((4, 3), device=device)
    # A saved output can be had only while the output itself is alive.
    y = custom_function.Sigmoid.apply(x.requires_grad_())

    guard = forbid("sigmoid", "special_expit", "logsigmoid", reason="use the saved output")
    with torch.no_grad(), guard:
        custom_function.Sigmoid.backward(node_of(custom_function.Sigmoid, y), cotangent)


def test_sigmoid_has_gradients_of_gradients(device):
    x = sample((2, 2), device=device)

    check_gradients(custom_function.Sigmoid.apply, (x,))
    check_three_orders(custom_function.Sigmoid.apply, torch.sigmoid, x)


def test_sigmoid_notices_when_its_output_is_changed_before_backward(device):
    x = sample((4, 3), device=device)

    check_edits_are_noticed(custom_function.Sigmoid.apply, (x,))
    check_no_tensor_on_ctx(custom_function.Sigmoid, (x,))
