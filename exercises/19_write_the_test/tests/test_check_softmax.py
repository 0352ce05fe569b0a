import pytest
import torch
import write_the_test
from torch.autograd import Function

from .shared import judge

pytestmark = pytest.mark.task("check_softmax")


def with_backward(gradient):
    """Return softmax with this gradient, a function of grad_output, the output y, and dim."""

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

    return lambda x, dim: Made.apply(x, dim)


def by_the_maximum(x, dim):
    powers = (x - x.amax(dim, keepdim=True)).exp()
    return powers / powers.sum(dim, keepdim=True)


def by_logsumexp(x, dim):
    lowered = x - x.amax(dim, keepdim=True).detach()
    return (lowered - lowered.logsumexp(dim, keepdim=True)).exp()


def overflowing(x, dim):
    return x.exp() / x.exp().sum(dim, keepdim=True)


def by_one_maximum(x, dim):
    powers = (x - x.max()).exp()
    return powers / powers.sum(dim, keepdim=True)


RIGHT = {
    "it is torch.softmax": lambda x, dim: torch.softmax(x, dim),
    "it is exp(x − max) / sum, with the gradient through the maximum": by_the_maximum,
    "it is the exponential of log_softmax": lambda x, dim: torch.log_softmax(x, dim).exp(),
    "it is a Function that saves its output": with_backward(
        lambda g, y, dim: y * (g - (g * y).sum(dim, keepdim=True))
    ),
    "it subtracts the maximum, then logsumexp, and takes exp": by_logsumexp,
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
}


def test_check_softmax_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_softmax, RIGHT, FAULTS)
