"""Each function is compared with torch's own whole Jacobian or Hessian, and its passes counted."""

import contextlib
import math

import pytest
import torch
from torch import Tensor
from torch.autograd import Function

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    Wrong,
    a_leaf,
    count_operations,
    inside_no_grad,
    raises,
    sample,
    situation,
    turned,
    unchanged,
)

any_constant = pytest.mark.parametrize(
    ("recording", "result"),
    [
        pytest.param(False, "whose result has no graph", id="no graph"),
        pytest.param(True, "whose result has a graph, which leads to another leaf", id="a graph"),
    ],
)


any_line = pytest.mark.parametrize(
    ("recording", "gradient"),
    [
        pytest.param(False, "whose gradient has no graph", id="no graph"),
        pytest.param(True, "whose gradient has a graph, which leads to another leaf", id="a graph"),
    ],
)


HESSIANS = ("torch.autograd.functional.hessian", "torch.func.hessian")


JACOBIANS = ("torch.autograd.functional.jacobian", "torch.func.jacrev", "torch.func.jacfwd")


CLOSED_OVER = "the original x is made to record, so that the x inside f counts too"


TAKEN_FOR_LINEAR = (
    "f is taken for linear, which it is not: its gradient has a graph only if it is computed with "
    "create_graph=True and recording on, not cut off since, and differentiated by the same leaf"
)


NO_GRAD_FN = (
    "f(x) is taken for constant because it has no grad_fn: it is the leaf itself here; ask "
    "f(x).requires_grad"
)


def stale(zeros):
    """Return what memory gives that was taken for zeros, where `stale_memory` has filled it."""
    why = "what torch.empty makes is not 0 but what its memory held, here NaN"
    return {why: torch.full_like(zeros, math.nan)}


def demand_shape_of(x, t):
    """Fail unless f's argument has the shape of x."""
    if t.shape != x.shape:
        raise Wrong(
            f"f is called with a tensor of shape {tuple(t.shape)}; x has shape {tuple(x.shape)}, "
            "and that is what f takes"
        )


def mixing(x, shape):
    """Return an f to tensors of this shape, in which each element depends on all of x.

    Neither its result nor its gradients are contiguous, unless they are vectors. J is another at
    -x.
    """
    weight = sample((math.prod(shape), x.numel()), device=x.device, dtype=x.dtype)

    def f(t):
        demand_shape_of(x, t)
        return turned((1 + weight @ turned(t).reshape(-1)).sin().reshape(shape[::-1]))

    return f


def bumpy(x):
    """Return a scalar f whose Hessian is nowhere zero, and whose gradient is not contiguous."""
    weight = sample(x.shape[::-1], device=x.device, dtype=x.dtype, low=0.1, high=0.5)

    def f(t):
        demand_shape_of(x, t)
        other = turned(t).contiguous()
        return (weight * other).sum().exp() + other.sin().sum()

    return f


def steep(x):
    """Return Σ sin 300x: no quotient of differences follows it to nine digits."""
    return (300 * x).sin().sum()


def applied(matrix, v, *, to):
    """Return the product of a Jacobian with a v of the shape of x, in the shape `to`."""
    return (matrix.reshape(math.prod(to), v.numel()) @ v.reshape(-1)).reshape(to)


def diagonal(matrix, x):
    """Return the diagonal of a Hessian, in the shape of x."""
    return matrix.reshape(x.numel(), x.numel()).diagonal().reshape(x.shape)


def made_finite(due):
    """Return what a caller gets who makes numbers of NaN and infinity."""
    return {"NaN and infinity are made numbers: let them through": due.nan_to_num()}


def ending_in_infinity(x):
    """Return x, of which the last elements are NaN, a large number and infinity now."""
    x.view(-1)[-3:] = x.new_tensor([torch.nan, 1e6, torch.inf])[-x.numel() :]
    return x


any_infinity = pytest.mark.parametrize("bend", [math.inf, math.nan], ids=str)


def bent(bend):
    """Return an f of one number, of which the second derivative is this everywhere."""
    return lambda t: bend / 2 * t.square()


def large_infinite_and_nan(x):
    """Return three factors."""
    return x.new_tensor([1e6, math.inf, math.nan])


@contextlib.contextmanager
def a_weight(shape, device, *, low=-2.0):
    """Give a leaf for f to use, and demand that its `.grad` is not written."""
    weight = sample(shape, device=device, low=low, requires_grad=True)
    yield weight
    assert weight.grad is None, (
        "f uses a leaf, weight, and weight.grad is written: .backward() writes the .grad of every "
        "leaf; torch.autograd.grad returns the gradient by x and writes none"
    )


@contextlib.contextmanager
def computed(shape, device):
    """Give an x that is no leaf, and demand that it and what it came from are left alone."""
    start = sample(shape, device=device, requires_grad=True)
    x = start.exp()
    with situation("given an x that was itself computed"), unchanged(x):
        yield x
    assert start.grad is None, (
        "x was computed from a leaf, start, and start.grad is written: "
        "cut x off from its past with x.detach() first"
    )


@contextlib.contextmanager
def in_float32(shape, device):
    """Give x, a weight for f and a v in float32."""
    x, weight, v = (sample(shape, device=device, dtype=torch.float32) for _ in range(3))
    with situation("given x in float32"):
        yield x, weight, v


@contextlib.contextmanager
def recording(shape, device):
    """Give x and a weight that record, and a v, and demand that all are left as they were."""
    x, v = a_leaf(shape, device), sample(shape, device=device)
    with a_weight(shape, device) as weight, unchanged(x, v):
        yield x, weight, v


@contextlib.contextmanager
def not_recording(shape, device):
    """Give x, a weight and a v inside `torch.no_grad()`."""
    x, weight, v = (sample(shape, device=device) for _ in range(3))
    with inside_no_grad():
        yield x, weight, v


any_setting = pytest.mark.parametrize(
    ("setting", "where"),
    [
        pytest.param(in_float32, "in float32", id="float32"),
        pytest.param(recording, "where x and a weight of f record", id="all record"),
        pytest.param(not_recording, "called inside torch.no_grad()", id="no_grad"),
    ],
)


@contextlib.contextmanager
def differentiating_twice(given):
    """Say what a second derivative needs, where an error may come from that."""
    try:
        with situation(given):
            yield
    except Wrong as wrong:
        if "does not require grad" not in str(wrong):
            raise
        raise Wrong(
            f"{wrong}\nIf that is the second derivative: only a gradient that was computed with "
            "create_graph=True can be differentiated again"
        ) from wrong.__cause__


class Observed:
    """A function of x that counts its calls, and the backward passes that go through it.

    It stops a pass beyond `most`: a loop of them could take long.
    """

    def __init__(self, f, *, most=math.inf, advice=""):
        self.f = f
        self.most = most
        self.advice = advice
        self.calls = 0
        self.passes = 0

    def __call__(self, x):
        self.calls += 1
        inside = x * 1
        if inside.requires_grad:
            inside.register_hook(self._on_pass)
        return self.f(inside)

    def _on_pass(self, gradient):
        self.passes += 1
        if self.passes > self.most:
            raise Wrong(f"more than {self.most} backward passes go through f: {self.advice}")


class Measured(count_operations):
    """Stops an operation that makes too large a tensor, and the first one of too many."""

    def __init__(self, *, elements, operations, advice):
        super().__init__()
        self.elements = elements
        self.operations = operations
        self.advice = advice

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = super().__torch_dispatch__(func, types, args, kwargs)
        several = result if isinstance(result, tuple | list) else (result,)
        largest = max((t.numel() for t in several if isinstance(t, Tensor)), default=0)
        if largest > self.elements:
            raise Wrong(f"a tensor of {largest:,} elements is made: {self.advice}")
        if self.count.total() > self.operations:
            raise Wrong(f"more than {self.operations:,} operations run: {self.advice}")
        return result


class CubeOnce(Function):
    """x³, whose second derivative raises ErrorOfF, by way of x and of the incoming gradient."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x**3

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        incoming = IdentityWithoutBackward.apply(grad_output)
        return 3 * x * IdentityWithoutBackward.apply(x) * incoming

    @staticmethod
    def jvp(ctx, x_tangent):
        raise ErrorOfF


def fails(x):
    """Stand for an f that raises as soon as it is called."""
    raise ErrorOfF


def interrupted(x):
    """Stand for an f that Ctrl-C ends."""
    raise KeyboardInterrupt


_FORWARD = pytest.param(fails, "f itself", id="f")
_FIRST = pytest.param(IdentityWithoutBackward.apply, "the backward of f", id="first")
_SECOND = pytest.param(CubeOnce.apply, "the backward of f's gradient", id="second")
_CTRL_C = pytest.param(interrupted, "f", id="Ctrl-C")

any_failure = pytest.mark.parametrize(("failing", "when"), [_FIRST, _SECOND, _FORWARD, _CTRL_C])
any_first_failure = pytest.mark.parametrize(("failing", "when"), [_FIRST, _FORWARD, _CTRL_C])


@contextlib.contextmanager
def an_error_comes_through(when):
    """Demand that an error is not taken for an f that ignores x or is linear."""
    error, name = ErrorOfF, "ErrorOfF, a RuntimeError with torch's own words"
    if when == "f":
        error, name = KeyboardInterrupt, "KeyboardInterrupt, as Ctrl-C does"
    advice = "requires_grad and materialize_grads tell what f ignores, and no error does"
    with inside_no_grad(), raises(error, when=f"{when} raises {name}", advice=advice):
        yield


any_jacobian = pytest.mark.parametrize(
    ("layout", "shape"),
    [
        ({"shape": (4, 3)}, (2,)),
        ({"shape": (4, 1)}, (2, 3)),
        ({"shape": ()}, (3,)),
        ({"shape": (4, 3), "strided": True}, (5, 1)),
    ],
    ids=["matrix", "column", "0-d", "strided"],
)


def as_rows(jacobian, shape):
    """Return a Jacobian with all axes of f(x) in one."""
    return jacobian.reshape(math.prod(shape), *jacobian.shape[len(shape) :])


def jacobian_mistakes(jacobian, shape):
    """Return what known mistakes give instead of this Jacobian."""
    rows = as_rows(jacobian, shape)
    return {
        "the axes of x come first: those of f(x) do": rows.movedim(0, -1).reshape(
            *rows.shape[1:], *shape
        ),
        "the rows are added up: that is the gradient of the sum of f(x)": rows.sum(0),
    }


def all_entries(matrix, x):
    """Return the sum of each row of a Hessian, in the shape of x."""
    return applied(matrix, torch.ones_like(x), to=x.shape)
