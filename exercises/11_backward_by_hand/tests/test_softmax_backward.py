import math

import backward_by_hand
import pytest
import torch

from gradkata.checks import check, sample, situation

from .shared import any_dtype, by_autograd, by_hand, turned

pytestmark = pytest.mark.task("softmax_backward")


def judge(x, cotangent, dim, *, given, most=None):
    output = torch.softmax(x, dim)
    (expected,) = by_autograd(lambda x: torch.softmax(x, dim), [x], cotangent)
    with situation(given), by_hand(cotangent, output, most=most):
        result = backward_by_hand.softmax_backward(cotangent, output, dim)
    last = cotangent * output
    check(
        result,
        expected,
        what=f"the gradient for the input, {given}",
        mistakes={
            "the sum is left out: each output depends on every input": last,
            "only the diagonal is used: each output depends on every input": (
                cotangent * output * (1 - output)
            ),
            "the formula is log-softmax's": (
                lambda: cotangent - output * cotangent.sum(dim, keepdim=True)
            ),
            "the sum runs along the last axis, whatever dim is": (
                lambda: last - output * last.sum(-1, keepdim=True)
            ),
            "grad_output is summed before it is multiplied by the output": (
                lambda: last - output * cotangent.sum(dim, keepdim=True)
            ),
        },
    )
    return result


@pytest.mark.parametrize(
    ("shape", "dim"),
    [((4, 3, 2), 0), ((4, 3, 2), 1), ((4, 3, 2), -1), ((4, 3, 2), -3), ((5,), 0)],
    ids=str,
)
def test_softmax_backward_is_right_along_any_axis(shape, dim, device):
    x, cotangent = (sample(shape, device=device) for _ in range(2))
    judge(x, cotangent, dim, given=f"for outputs of shape {shape}, dim={dim}")


@any_dtype
def test_softmax_backward_takes_any_layout(dtype, device):
    x, cotangent = (turned(sample((4, 4), device=device, dtype=dtype)) for _ in range(2))
    judge(x, cotangent, 0, given=f"transposed tensors of {dtype}")


def test_softmax_backward_is_exact_for_outputs_of_zero_and_one(device):
    x = sample((3, 4), device=device)
    x[0, 1] = -math.inf
    x[1, 2], x[1, 3] = 1e4, -1e4

    result = judge(x, sample((3, 4), device=device), 1, given="where some outputs are exactly 0")

    of_zeros = result[torch.softmax(x, 1) == 0]
    what = "what an output of exactly 0 gives"
    check(of_zeros, torch.zeros_like(of_zeros), what=what, rtol=0, atol=0)


def test_softmax_backward_never_makes_the_jacobian(device):
    x, cotangent = (sample((2, 30), device=device) for _ in range(2))
    judge(x, cotangent, 1, given="given outputs of shape (2, 30)", most=120)
