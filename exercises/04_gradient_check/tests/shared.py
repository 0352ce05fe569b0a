"""Measurements are compared with formulas and autograd; checks get right and wrong gradients."""

import contextlib
import math

import pytest
import torch
from torch.autograd import Function

from gradkata.checks import (
    ErrorOfF,
    a_leaf,
    counted,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

LAYOUTS = {
    "matrix": lambda device: sample((4, 3), device=device),
    "column": lambda device: sample((4, 1), device=device),
    "0-d": lambda device: sample((), device=device),
    "transposed": lambda device: sample((3, 4), device=device).T,
    "strided": lambda device: sample((4, 3), device=device, strided=True),
}


any_layout = pytest.mark.parametrize("make", LAYOUTS.values(), ids=LAYOUTS)


without_autograd = pytest.mark.forbid(
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.Tensor.backward",
    "torch.autograd.functional",
    "torch.autograd.forward_ad",
    "torch.autograd.gradcheck",
    "torch.func.grad",
    "torch.func.grad_and_value",
    "torch.func.vjp",
    "torch.func.jvp",
    "torch.func.jacrev",
    "torch.func.jacfwd",
    "torch.func.linearize",
    reason="ask f itself for its values",
)


ROUNDED = (
    "an element is moved and moved back, which rounds: let each step begin with the numbers of x"
)
COPY = (
    "the step is written into a flattened copy, as reshape(-1) gives of an x that is not "
    "contiguous, and f never sees it"
)


ALIAS = (
    "f returns its argument or a view of it, and that tensor is moved on before the result is "
    "read: take the number out first, or give f a fresh tensor each time"
)


NO_COPY = (
    "f sees one and the same x each time: after x_plus = x both are one tensor, and x.clone() is "
    "a copy"
)


STAY = (
    "the steps of earlier elements stay in x: start from x each time, and note that x_plus = x is "
    "no copy of it"
)


LOOKS = (
    "given an f that looks at values, with `if`, and takes a gradient of its own inside "
    "torch.enable_grad(), which torch.inference_mode() overrides"
)


class Square(Function):
    """x², whose backward is right but for what `spoil` does to it."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, spoil):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])
        ctx.spoil = inputs[1]

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return ctx.spoil(2 * x * grad_output), None


def with_first(gradient, value):
    """Put a value in place of the first element."""
    first = torch.arange(gradient.numel(), device=gradient.device).reshape(gradient.shape) == 0
    return gradient.masked_fill(first, value)


SPOILT = {
    "has the wrong sign": torch.neg,
    "is too large by a hundredth": lambda gradient: 1.01 * gradient,
    "is 0 in its first element alone": lambda gradient: with_first(gradient, 0),
    "is NaN": lambda gradient: math.nan * gradient,
}


any_spoilt = pytest.mark.parametrize(("fault", "spoil"), SPOILT.items(), ids=SPOILT)


def either_way(x):
    """Return 3x, or 2x if the sum of x is positive; the 2 is a gradient of its own."""
    if x.sum() <= 0:
        return 3 * x
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (twos,) = torch.autograd.grad((2 * leaf).sum(), leaf)
    return twos * x


any_odd_f = pytest.mark.parametrize(
    ("given", "f"),
    [
        ("given f(x) = x, which returns its argument", lambda x: x),
        (LOOKS, either_way),
    ],
    ids=["its argument", "looks"],
)


any_failure = pytest.mark.parametrize(
    ("call", "error"),
    [(2, ErrorOfF), (3, KeyboardInterrupt)],
    ids=["RuntimeError", "KeyboardInterrupt"],
)


def failing(f, call, error):
    """Return f, which raises an error in one of its calls."""

    def failed(x):
        if watched.calls == call:
            raise error
        return f(x)

    watched = counted(failed)
    return watched


@contextlib.contextmanager
def coming_through(error, when):
    """Demand that an error of the caller's function is neither swallowed nor replaced."""
    name = {ErrorOfF: "ErrorOfF, a RuntimeError with torch's own words"}.get(error, error.__name__)
    with raises(error, when=f"{when} raises {name}", advice="let it through"):
        yield


@contextlib.contextmanager
def returning(kept):
    """Demand that a tensor that f keeps, and returns, has its value afterwards."""
    before = kept.clone()
    with situation("given an f that returns a tensor that it keeps"):
        yield
    assert torch.equal(kept, before), (
        "f returns a tensor that it keeps, and the value of that is another afterwards: put a "
        "difference in a new tensor, and not into one that f returned"
    )


def curved(x, size):
    """Return a function from the shape of x to `size` values, each depending on all of x."""
    matrix = sample((size, x.numel()), device=x.device)
    return lambda x: (matrix @ x.reshape(-1)).sin()


@contextlib.contextmanager
def in_float32(shape, device):
    """Give x, a weight for f and a v in float32."""
    yield tuple(sample(shape, device=device, dtype=torch.float32) for _ in range(3))


@contextlib.contextmanager
def recording(shape, device):
    """Give x, a weight and a v that record, and demand that all are left as they were.

    x is so small that a step added to it and taken away again costs it digits.
    """
    x = a_leaf(shape, device, low=1e-5, high=1e-4)
    weight, v = (sample(shape, device=device, requires_grad=True) for _ in range(2))
    with situation("given an x and an f that record"), unchanged(x, weight, v):
        yield x, weight, v


@contextlib.contextmanager
def not_recording(shape, device):
    """Give x, a weight and a v inside `torch.no_grad()`, and demand that they are left alone."""
    x, weight, v = (sample(shape, device=device) for _ in range(3))
    with inside_no_grad(), unchanged(x, weight, v):
        yield x, weight, v


any_setting = pytest.mark.parametrize(
    ("setting", "where", "tolerance"),
    [
        pytest.param(in_float32, "in float32", {"rtol": 1e-3, "atol": 1e-3}, id="float32"),
        pytest.param(recording, "where x and a weight of f record", {}, id="all record"),
        pytest.param(not_recording, "called inside torch.no_grad()", {}, id="no_grad"),
    ],
)


def swallowed(device):
    """Return an x of which a step swallows an element, an f that shows it, its gradient, words."""
    x, gradient = (
        torch.tensor(values, dtype=torch.float64, device=device)
        for values in ([1e-30, 2.0], [2e30, 1.0])
    )
    return x, lambda x: 1e30 * x[0] * x[1], gradient, "1e30·x[0]·x[1] at [1e-30, 2]"
