import contextlib

import pytest
import torch
import write_the_test
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from .shared import judge

pytestmark = pytest.mark.task("check_softmax")


def with_backward(gradient, *, once=False):
    """Return softmax with this gradient, a function of grad_output, the output y, and dim.

    Args:
        gradient: of grad_output, the output and dim.
        once: whether the gradient has none of its own.
    """

    class Made(Function):
        @staticmethod
        def forward(ctx, x, dim):
            y = torch.softmax(x, dim)
            ctx.dim = dim
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, grad_output):
            return gradient(grad_output, *ctx.saved_tensors, ctx.dim), None

    class MadeOnce(Made):
        backward = staticmethod(once_differentiable(Made.backward))

    return lambda x, dim: (MadeOnce if once else Made).apply(x, dim)


def slope(grad_output, y, dim):
    return y * (grad_output - (grad_output * y).sum(dim, keepdim=True))


def slope_in_float32(grad_output, y, dim):
    return slope(grad_output.float(), y.float(), dim).to(y.dtype)


def by_the_maximum(x, dim):
    powers = (x - x.amax(dim, keepdim=True)).exp()
    return powers / powers.sum(dim, keepdim=True)


def by_logsumexp(x, dim):
    lowered = x - x.amax(dim, keepdim=True).detach()
    return (lowered - lowered.logsumexp(dim, keepdim=True)).exp()


def by_logsumexp_at_once(x, dim):
    return (x - x.logsumexp(dim, keepdim=True)).exp()


def overwritten(x, dim):
    y = torch.softmax(x.clone(), dim)
    with contextlib.suppress(RuntimeError):  # of an expanded x
        x.detach().sub_(x.detach().amax(dim, keepdim=True))
    return y


def in_the_order_of_memory(x, dim):
    where = sorted(range(x.ndim), key=x.stride, reverse=True)
    return torch.softmax(x.permute(where).reshape(x.shape), dim)


def overflowing(x, dim):
    return x.exp() / x.exp().sum(dim, keepdim=True)


def by_one_maximum(x, dim):
    powers = (x - x.max()).exp()
    return powers / powers.sum(dim, keepdim=True)


def refusing(x, dim):
    if not x.ndim:
        raise IndexError("x has no axis")
    return torch.softmax(x, dim)


RIGHT = {
    "it is torch.softmax": lambda x, dim: torch.softmax(x, dim),
    "it is exp(x − max) / sum; the last bits are not promised": by_the_maximum,
    "it is the exponential of log_softmax; the last bits are not promised": (
        lambda x, dim: torch.log_softmax(x, dim).exp()
    ),
    "it is a Function that saves its output; one way of computing is not promised": (
        with_backward(slope)
    ),
    "it subtracts the maximum, then logsumexp, and takes exp; the last bits are not promised": (
        by_logsumexp
    ),
    "it is exp(x − logsumexp), in float32 right to 1e-3 at 1e4; more is not promised there": (
        by_logsumexp_at_once
    ),
    "it can be differentiated once and no second time, which is not promised": with_backward(
        slope, once=True
    ),
    "it refuses an x without an axis, which is not promised": refusing,
}

FAULTS = {
    "the gradient is 0, as it is of .sum() alone": with_backward(
        lambda g, y, dim: torch.zeros_like(y)
    ),
    "it takes the last axis, whatever dim says": lambda x, dim: torch.softmax(x, -1),
    "only the diagonal counts: g·y·(1 − y)": with_backward(lambda g, y, dim: g * y * (1 - y)),
    "the gradient is log-softmax's: g − y·Σg": with_backward(
        lambda g, y, dim: g - y * g.sum(dim, keepdim=True)
    ),
    "the sum over the row is added instead of subtracted": with_backward(
        lambda g, y, dim: y * (g + (g * y).sum(dim, keepdim=True))
    ),
    "the mean of g·y is taken for the sum": with_backward(
        lambda g, y, dim: y * (g - (g * y).mean(dim, keepdim=True))
    ),
    "backward sums over the last axis, whatever dim says": with_backward(
        lambda g, y, dim: y * (g - (g * y).sum(-1, keepdim=True))
    ),
    "exp overflows: logits of 1000 give NaN": overflowing,
    "a negative dim loses its sign: −1 is taken for 1": lambda x, dim: torch.softmax(x, abs(dim)),
    "it computes in float32, whatever x is": lambda x, dim: torch.softmax(x.float(), dim).to(
        x.dtype
    ),
    "one maximum is subtracted from all rows: NaN where a row lies far below another": (
        by_one_maximum
    ),
    "a logit of −inf gives NaN": lambda x, dim: torch.softmax(x + 0 * x, dim),
    "x is overwritten": overwritten,
    "its gradient is computed in float32, whatever x is": with_backward(slope_in_float32),
    "a float32 x gives float64": lambda x, dim: torch.softmax(x.double(), dim),
    "x is read in the order of memory, which is wrong for a transposed x": in_the_order_of_memory,
    "its gradient is NaN where the result is 0: it takes the logarithm of that": with_backward(
        lambda g, y, dim: slope(g, y, dim) + 0 * y.log()
    ),
}


def test_check_softmax_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_softmax, RIGHT, FAULTS)
