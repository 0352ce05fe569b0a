import custom_function
import numpy as np
import pytest
import torch

from gradkata.checks import (
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    sample,
    unchanged,
)

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("BroadcastMul")


any_broadcast = pytest.mark.parametrize(
    "shapes",
    [
        ((4, 1), (4, 3)),
        ((3,), (4, 3)),
        ((3,), (1, 3)),
        ((1, 1), (4, 3)),
        ((), (4, 3)),
        ((2, 1, 3), (4, 1)),
        ((4, 3), (4, 3)),
        ((), ()),
    ],
    ids=str,
)


@any_broadcast
def test_broadcast_mul_is_a_product(shapes, device):
    x, y = (sample(shape, device=device) for shape in shapes)

    with unchanged(x, y):
        product = custom_function.BroadcastMul.apply(x, y)

    check(product, x * y, what="forward")


@any_broadcast
def test_broadcast_mul_gives_each_operand_a_gradient_of_its_own_shape(shapes, device):
    x, y = (sample(shape, device=device) for shape in shapes)
    cotangent = sample(np.broadcast_shapes(*shapes), device=device)

    check_backward(
        custom_function.BroadcastMul,
        torch.mul,
        (x, y),
        cotangent,
        mistakes={
            "the gradient for x is built from x and the one for y from y": lambda: [
                (cotangent * x).sum_to_size(x.shape),
                (cotangent * y).sum_to_size(y.shape),
            ],
            "the incoming gradient is summed first: multiply it by the other operand first": (
                lambda: [
                    (cotangent.sum_to_size(x.shape) * y).sum_to_size(x.shape),
                    (cotangent.sum_to_size(y.shape) * x).sum_to_size(y.shape),
                ]
            ),
        },
    )


def test_broadcast_mul_takes_strided_operands_and_one_tensor_twice(device):
    x, y = (sample((4, 3), device=device, strided=True) for _ in range(2))
    cotangent = sample((3, 4), device=device).T

    check(custom_function.BroadcastMul.apply(x, y), x * y, what="forward")
    check_backward(custom_function.BroadcastMul, torch.mul, (x, y), cotangent)
    x.requires_grad_()
    check_backward(
        custom_function.BroadcastMul,
        torch.mul,
        (x, x),
        cotangent,
        mistakes={
            "x is y, and each is given the sum of both gradients: autograd adds them up": lambda: (
                [2 * cotangent * x.detach()] * 2
            )
        },
    )


def test_broadcast_mul_keeps_float32(device):
    x = sample((4, 1), device=device, dtype=torch.float32)
    y = sample((4, 3), device=device, dtype=torch.float32)

    x[0] = y[0, 0] = 0
    due = (3 * x).expand(4, 3)

    check_backward(
        custom_function.BroadcastMul,
        torch.mul,
        (x, y.requires_grad_()),
        torch.full_like(x, 3).expand(4, 3),
        mistakes={
            "ctx.needs_input_grad is read in another order than the arguments of forward": None,
            "the output is divided by an operand: 0 / 0 is NaN": lambda: due * y.detach() / y,
        },
    )


def test_broadcast_mul_has_gradients_of_gradients(device):
    x, y = sample((2, 1), device=device), sample((2, 2), device=device)

    check_gradients(custom_function.BroadcastMul.apply, (x, y))
    check_three_orders(
        lambda y: custom_function.BroadcastMul.apply(y[:, :1], y), lambda y: y[:, :1] * y, y
    )


def test_broadcast_mul_notices_when_an_operand_is_changed_before_backward(device):
    x, y = sample((4, 1), device=device), sample((4, 3), device=device)

    check_edits_are_noticed(custom_function.BroadcastMul.apply, (x, y))
    check_no_tensor_on_ctx(custom_function.BroadcastMul, (x, y))
