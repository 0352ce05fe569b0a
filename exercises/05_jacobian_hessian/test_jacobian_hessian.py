"""Each function is compared with torch's own whole Jacobian or Hessian, and its passes counted."""

import contextlib
import math

import jacobian_hessian
import pytest
import torch
from torch import Tensor
from torch.autograd import Function, functional

from gradkata.checks import (
    Wrong,
    check,
    count_operations,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
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

_HESSIANS = ("torch.autograd.functional.hessian", "torch.func.hessian")
_JACOBIANS = ("torch.autograd.functional.jacobian", "torch.func.jacrev", "torch.func.jacfwd")
_FORWARD = ("torch.autograd.forward_ad", "torch.func.jvp", "torch.func.linearize")

CLOSED_OVER = "the original x is made to record, so that the x inside f counts too"
NOT_RECORDED = (
    "create_graph=True is left out, and the gradient, which has no graph then, is taken for a "
    "constant"
)
NO_GRAD_FN = (
    "f(x) is taken for constant because it has no grad_fn: it is the leaf itself here; ask "
    "f(x).requires_grad"
)


def demand_shape_of(x, t):
    """Fail unless f's argument has the shape of x."""
    if t.shape != x.shape:
        raise Wrong(
            f"f is called with a tensor of shape {tuple(t.shape)}; x has shape {tuple(x.shape)}, "
            "and that is what f takes"
        )


def mixing(x, shape):
    """Return an f to tensors of this shape, in which each element depends on all of x."""
    weight = sample((math.prod(shape), x.numel()), device=x.device, dtype=x.dtype)

    def f(t):
        demand_shape_of(x, t)
        return (weight @ t.reshape(-1)).sin().reshape(shape)

    return f


def bumpy(x):
    """Return a scalar f whose Hessian is nowhere zero."""
    weight = sample(x.shape, device=x.device, dtype=x.dtype, low=0.1, high=0.5)

    def f(t):
        demand_shape_of(x, t)
        return (weight * t).sum().exp() + t.sin().sum()

    return f


def steep(x):
    """Return Σ sin 300x: no quotient of differences follows it to nine digits."""
    return (300 * x).sin().sum()


def a_leaf(shape, device):
    """Return a leaf that requires grad, with something in its `.grad`."""
    leaf = sample(shape, device=device, requires_grad=True)
    leaf.grad = sample(shape, device=device)
    return leaf


def applied(matrix, v, *, to):
    """Return the product of a Jacobian with a v of the shape of x, in the shape `to`."""
    return (matrix.reshape(math.prod(to), v.numel()) @ v.reshape(-1)).reshape(to)


def diagonal(matrix, x):
    """Return the diagonal of a Hessian, in the shape of x."""
    return matrix.reshape(x.numel(), x.numel()).diagonal().reshape(x.shape)


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


class SquareWithSlope7(Function):
    """x², whose own backward says that its slope is 7 everywhere."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad_output):
        return 7 * grad_output


class SquareNoBackward(Function):
    """x², whose backward raises."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad_output):
        raise RuntimeError("planted in the second backward")


class CubeOnce(Function):
    """x³, whose second derivative raises, in reverse mode and in forward mode."""

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
        return 3 * SquareNoBackward.apply(x) * grad_output

    @staticmethod
    def jvp(ctx, x_tangent):
        raise RuntimeError("planted in forward mode")


def second_derivative_raises():
    """Demand that an error in the second derivative is not taken for a linear f."""
    return raises(
        RuntimeError,
        when="the backward of f's gradient raises RuntimeError",
        advice="whether f is linear is told by requires_grad, and by no error",
    )


# vjp

without_vjp = pytest.mark.forbid(
    "torch.func.vjp", "torch.autograd.functional.vjp", reason="ask torch.autograd.grad"
)


@pytest.mark.task("vjp")
@without_vjp
@any_layout
def test_vjp_is_the_value_and_v_times_j(layout, device):
    x = sample(**layout, device=device)
    f, v = mixing(x, x.shape), sample(x.shape, device=device)
    value, (_, product) = f(x), functional.vjp(f, x, v)
    jacobian = functional.jacobian(f, x)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x, v):
        result = jacobian_hessian.vjp(f, x, v)

    check(
        result,
        (value, product),
        what="f(x) and vᵀJ",
        mistakes={
            "v is multiplied from the right: that is Jv": (value, applied(jacobian, v, to=x.shape)),
            "v is left out: that is the gradient of the sum of f(x)": lambda: (
                value,
                functional.vjp(f, x, torch.ones_like(v))[1],
            ),
            "the two are swapped: f(x) comes first": (product, value),
        },
    )


@pytest.mark.task("vjp")
@without_vjp
@pytest.mark.parametrize("shape", [(2,), (), (2, 1, 2)], ids=str)
def test_vjp_takes_an_f_whose_result_has_another_shape_than_x(shape, device):
    x = sample((4, 3), device=device)
    f, v = mixing(x, shape), sample(shape, device=device)
    value, (_, product) = f(x), functional.vjp(f, x, v)

    with situation(f"given f(x) of shape {shape}, where x has shape (4, 3)"):
        result = jacobian_hessian.vjp(f, x, v)

    check(result, (value, product), what="f(x) and vᵀJ")


@pytest.mark.task("vjp")
@without_vjp
def test_vjp_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    v = sample((4, 3), device=device, dtype=torch.float32)
    expected = x.sin(), v * x.cos()

    result = jacobian_hessian.vjp(torch.sin, x, v)

    check(result, expected, what="f(x) and vᵀJ in float32")


@pytest.mark.task("vjp")
@without_vjp
@any_constant
def test_vjp_is_zeros_where_f_ignores_x(recording, result, device):
    x, v = sample((4, 3), device=device), sample((2,), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with situation(f"given an f that ignores x, {result}"):
        pair = jacobian_hessian.vjp(lambda t: 3 * constant, x, v)

    check(
        pair,
        (3 * constant.detach(), torch.zeros_like(x)),
        what=f"f(x) and vᵀJ of an f that ignores x, {result}",
    )


@pytest.mark.task("vjp")
@without_vjp
def test_vjp_takes_an_f_that_returns_its_argument(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    result = jacobian_hessian.vjp(lambda t: t, x, v)

    mistakes = {NO_GRAD_FN: (x, torch.zeros_like(x))}
    check(result, (x, v), what="f(x) and vᵀJ of f(x) = x", mistakes=mistakes)


@pytest.mark.task("vjp")
@without_vjp
def test_vjp_leaves_tensors_that_record_as_they_were(device):
    x, v = a_leaf((4, 3), device), sample((4, 3), device=device)

    with a_weight((4, 3), device) as weight, unchanged(x, v):
        result = jacobian_hessian.vjp(lambda t: weight * t.sin(), x, v)

    expected = (weight * x.sin()).detach(), (v * weight * x.cos()).detach()
    check(result, expected, what="f(x) and vᵀJ, where x and a weight of f record")


@pytest.mark.task("vjp")
@without_vjp
def test_vjp_holds_an_x_that_f_uses_by_itself_constant(device):
    v = sample((4, 3), device=device)

    with computed((4, 3), device) as x:
        result = jacobian_hessian.vjp(lambda t: t * x, x, v)

    at = x.detach()
    check(
        result,
        (at * at, v * at),
        what="f(x) and vᵀJ of f(t) = t·x",
        mistakes={CLOSED_OVER: (at * at, 2 * v * at)},
    )


@pytest.mark.task("vjp")
@without_vjp
def test_vjp_works_inside_no_grad(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    with inside_no_grad():
        result = jacobian_hessian.vjp(torch.sin, x, v)

    check(result, (x.sin(), v * x.cos()), what="f(x) and vᵀJ, called inside torch.no_grad()")


# jacobian_rows

by_rows = pytest.mark.forbid(
    "torch.func",
    "torch.autograd.functional.jacobian",
    reason="take one backward pass for each element of f(x)",
)
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


@pytest.mark.task("jacobian_rows")
@by_rows
@any_jacobian
def test_jacobian_rows_is_torchs(layout, shape, device):
    x = sample(**layout, device=device)
    f = mixing(x, shape)
    jacobian = functional.jacobian(f, x)

    given = f"given x of shape {tuple(x.shape)} and f(x) of shape {shape}"
    with situation(given), unchanged(x):
        result = jacobian_hessian.jacobian_rows(f, x)

    rows = as_rows(jacobian, shape)
    check(
        result,
        jacobian,
        what=f"J, {given}",
        mistakes={
            **jacobian_mistakes(jacobian, shape),
            "each row adds to those before: .backward() adds to .grad, so clear it in "
            "between": rows.cumsum(0).reshape(jacobian.shape),
            "every row is one and the same tensor, .grad, which the last pass has filled: keep a "
            "copy of each": rows[-1:].expand_as(rows).reshape(jacobian.shape),
            "every row is one and the same tensor, .grad, which has been cleared since: keep a "
            "copy of each": torch.zeros_like(jacobian),
        },
    )


@pytest.mark.task("jacobian_rows")
@by_rows
@pytest.mark.parametrize("shape", [(4, 3), ()], ids=str)
def test_jacobian_rows_has_one_row_for_a_scalar(shape, device):
    x = sample(shape, device=device)

    with situation(f"given f(x) of shape (), a scalar, where x has shape {shape}"):
        result = jacobian_hessian.jacobian_rows(lambda t: t.sin().sum(), x)

    check(result, x.cos(), what=f"J of Σ sin x, a scalar, where x has shape {shape}")


@pytest.mark.task("jacobian_rows")
@by_rows
def test_jacobian_rows_keeps_float32(device):
    x = sample((3,), device=device, dtype=torch.float32)

    result = jacobian_hessian.jacobian_rows(torch.sin, x)

    check(result, torch.diag(x.cos()), what="J of sin x in float32")


@pytest.mark.task("jacobian_rows")
@by_rows
@any_constant
def test_jacobian_rows_is_zeros_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with situation(f"given an f that ignores x, {result}"):
        jacobian = jacobian_hessian.jacobian_rows(lambda t: 3 * constant, x)

    check(jacobian, x.new_zeros(2, 4, 3), what=f"J of an f that ignores x, {result}")


@pytest.mark.task("jacobian_rows")
@by_rows
def test_jacobian_rows_takes_an_f_that_returns_its_argument(device):
    x = sample((3,), device=device)
    expected = torch.eye(3, dtype=x.dtype, device=device)

    with situation("given f(x) = x"):
        result = jacobian_hessian.jacobian_rows(lambda t: t, x)

    check(
        result,
        expected,
        what="J of f(x) = x, whose gradient is the incoming one itself",
        mistakes={
            NO_GRAD_FN: torch.zeros_like(expected),
            "each row is the same incoming gradient, which has been filled anew since: make a new "
            "one for each row": expected[-1:].expand(3, 3),
        },
    )


@pytest.mark.task("jacobian_rows")
@by_rows
def test_jacobian_rows_leaves_tensors_that_record_as_they_were(device):
    x = a_leaf((3,), device)

    with a_weight((3,), device) as weight, unchanged(x):
        result = jacobian_hessian.jacobian_rows(lambda t: weight * t.sin(), x)

    expected = torch.diag(weight * x.cos()).detach()
    check(
        result,
        expected,
        what="J, where x and a weight of f record",
        mistakes={"what x.grad held before is added to": expected + x.grad},
    )


@pytest.mark.task("jacobian_rows")
@by_rows
def test_jacobian_rows_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((3,), device) as x:
        result = jacobian_hessian.jacobian_rows(lambda t: t * x, x)

    at = x.detach()
    check(
        result,
        torch.diag(at),
        what="J of f(t) = t·x",
        mistakes={CLOSED_OVER: torch.diag(2 * at)},
    )


@pytest.mark.task("jacobian_rows")
@by_rows
def test_jacobian_rows_works_inside_no_grad(device):
    x = sample((3,), device=device)

    with inside_no_grad():
        result = jacobian_hessian.jacobian_rows(torch.sin, x)

    check(result, torch.diag(x.cos()), what="J, called inside torch.no_grad()")


@pytest.mark.task("jacobian_rows")
@by_rows
def test_jacobian_rows_takes_one_backward_for_each_row(device):
    f = Observed(lambda t: t.sin().repeat(2))

    jacobian_hessian.jacobian_rows(f, sample((3,), device=device))

    assert f.passes >= 6, (
        f"f(x) has 6 elements, and {f.passes} backward "
        f"{'pass goes' if f.passes == 1 else 'passes go'} through f: take one for each element"
    )


# jacobian_batched

in_one_batch = pytest.mark.forbid(
    *_JACOBIANS, reason="give torch.autograd.grad a batch of incoming gradients"
)


@pytest.mark.task("jacobian_batched")
@in_one_batch
@any_jacobian
def test_jacobian_batched_is_torchs(layout, shape, device):
    x = sample(**layout, device=device)
    f = mixing(x, shape)
    jacobian = functional.jacobian(f, x)

    given = f"given x of shape {tuple(x.shape)} and f(x) of shape {shape}"
    with situation(given), unchanged(x):
        result = jacobian_hessian.jacobian_batched(f, x)

    check(result, jacobian, what=f"J, {given}", mistakes=jacobian_mistakes(jacobian, shape))


@pytest.mark.task("jacobian_batched")
@in_one_batch
def test_jacobian_batched_comes_from_one_call_and_one_backward(device):
    f = Observed(lambda t: t.sin().repeat(2))

    jacobian_hessian.jacobian_batched(f, sample((3,), device=device))

    assert f.calls == 1, f"f is called {f.calls} times: call it once, with x"
    assert f.passes == 1, (
        f"f(x) has 6 elements, and {f.passes} backward passes go through f: one is due, with a "
        "batch of 6 incoming gradients"
    )


@pytest.mark.task("jacobian_batched")
@in_one_batch
@pytest.mark.parametrize("shape", [(4, 3), ()], ids=str)
def test_jacobian_batched_has_one_row_for_a_scalar(shape, device):
    x = sample(shape, device=device)

    with situation(f"given f(x) of shape (), a scalar, where x has shape {shape}"):
        result = jacobian_hessian.jacobian_batched(lambda t: t.sin().sum(), x)

    check(result, x.cos(), what=f"J of Σ sin x, a scalar, where x has shape {shape}")


@pytest.mark.task("jacobian_batched")
@in_one_batch
def test_jacobian_batched_keeps_float32(device):
    x = sample((3,), device=device, dtype=torch.float32)

    with situation("given x in float32"):
        result = jacobian_hessian.jacobian_batched(torch.sin, x)

    check(result, torch.diag(x.cos()), what="J of sin x in float32")


@pytest.mark.task("jacobian_batched")
@in_one_batch
@any_constant
def test_jacobian_batched_is_zeros_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with situation(f"given an f that ignores x, {result}"):
        jacobian = jacobian_hessian.jacobian_batched(lambda t: 3 * constant, x)

    check(
        jacobian,
        x.new_zeros(2, 4, 3),
        what=f"J of an f that ignores x, {result}",
        mistakes={
            "materialize_grads fills in: it gives zeros in the shape of x, one row and not a batch "
            "of rows": torch.zeros_like(x)
        },
    )


@pytest.mark.task("jacobian_batched")
@in_one_batch
def test_jacobian_batched_leaves_tensors_that_record_as_they_were(device):
    x = a_leaf((3,), device)

    with a_weight((3,), device) as weight, unchanged(x):
        result = jacobian_hessian.jacobian_batched(lambda t: weight * t.sin(), x)

    expected = torch.diag(weight * x.cos()).detach()
    check(result, expected, what="J, where x and a weight of f record")


@pytest.mark.task("jacobian_batched")
@in_one_batch
def test_jacobian_batched_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((3,), device) as x:
        result = jacobian_hessian.jacobian_batched(lambda t: t * x, x)

    at = x.detach()
    check(
        result,
        torch.diag(at),
        what="J of f(t) = t·x",
        mistakes={CLOSED_OVER: torch.diag(2 * at)},
    )


@pytest.mark.task("jacobian_batched")
@in_one_batch
def test_jacobian_batched_works_inside_no_grad(device):
    x = sample((3,), device=device)

    with inside_no_grad():
        result = jacobian_hessian.jacobian_batched(torch.sin, x)

    check(result, torch.diag(x.cos()), what="J, called inside torch.no_grad()")


# jvp_double_backward

in_reverse = pytest.mark.forbid(
    *_FORWARD,
    *_JACOBIANS,
    "torch.autograd.functional.jvp",
    reason="take two reverse passes, the second one with respect to u",
)


@pytest.mark.task("jvp_double_backward")
@in_reverse
@any_layout
def test_jvp_is_j_times_v(layout, device):
    x = sample(**layout, device=device)
    f, v = mixing(x, x.shape), sample(x.shape, device=device)
    expected = applied(functional.jacobian(f, x), v, to=x.shape)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x, v):
        result = jacobian_hessian.jvp_double_backward(f, x, v)

    check(
        result,
        expected,
        what="Jv",
        mistakes={
            "v is multiplied from the left: that is vᵀJ": lambda: functional.vjp(f, x, v)[1],
            "the second pass starts from ones, and v is left out": lambda: applied(
                functional.jacobian(f, x), torch.ones_like(v), to=x.shape
            ),
            "the second pass differentiates with respect to x: it must be u": torch.zeros_like(x),
            "u is ones, and the second pass differentiates with respect to x: it must be "
            "u": lambda: functional.hvp(lambda t: f(t).sum(), x, v)[1],
        },
    )


@pytest.mark.task("jvp_double_backward")
@in_reverse
@pytest.mark.parametrize("shape", [(2,), (), (2, 1, 2)], ids=str)
def test_jvp_has_the_shape_of_the_result(shape, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    f = mixing(x, shape)
    expected = applied(functional.jacobian(f, x), v, to=shape)

    with situation(f"given f(x) of shape {shape}, where x has shape (4, 3)"):
        result = jacobian_hessian.jvp_double_backward(f, x, v)

    check(result, expected, what=f"Jv, where f(x) has shape {shape}")


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_of_a_linear_f_is_f_of_v(device):
    x, v = sample((3,), device=device), sample((3,), device=device)
    weight = sample((2, 3), device=device)

    with situation("given a linear f, f(x) = Wx, whose J does not depend on x"):
        result = jacobian_hessian.jvp_double_backward(lambda t: weight @ t, x, v)

    check(
        result,
        weight @ v,
        what="Jv of the linear f(x) = Wx",
        mistakes={
            "the second pass differentiates with respect to x, on which the J of a linear f does "
            "not depend: it must be u": torch.zeros_like(weight @ v)
        },
    )


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_uses_the_slope_that_backward_gives(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    result = jacobian_hessian.jvp_double_backward(SquareWithSlope7.apply, x, v)

    check(
        result,
        7 * v,
        what="Jv of a square whose own backward says 7",
        mistakes={"f is measured at nearby points, and autograd is not asked": 2 * x * v},
        rtol=1e-3,
        atol=1e-3,
    )


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    v = sample((4, 3), device=device, dtype=torch.float32)

    with situation("given x in float32"):
        result = jacobian_hessian.jvp_double_backward(torch.sin, x, v)

    check(result, v * x.cos(), what="Jv in float32")


@pytest.mark.task("jvp_double_backward")
@in_reverse
@any_constant
def test_jvp_is_zeros_where_f_ignores_x(recording, result, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    constant = sample((2,), device=device, requires_grad=recording)

    with situation(f"given an f that ignores x, {result}"):
        product = jacobian_hessian.jvp_double_backward(lambda t: 3 * constant, x, v)

    check(product, x.new_zeros(2), what=f"Jv of an f that ignores x, {result}")


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_takes_an_f_that_returns_its_argument(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    with situation("given f(x) = x"):
        result = jacobian_hessian.jvp_double_backward(lambda t: t, x, v)

    check(result, v, what="Jv of f(x) = x", mistakes={NO_GRAD_FN: torch.zeros_like(v)})


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_is_zeros_for_a_step_function(device):
    x, v = sample((4, 3), device=device, gap=0.5), sample((4, 3), device=device)

    with situation("given torch.sign, whose uᵀJ is zeros without a graph to u"):
        result = jacobian_hessian.jvp_double_backward(torch.sign, x, v)

    check(result, torch.zeros_like(x), what="Jv of sign x")


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_of_a_step_function_has_the_shape_of_its_value(device):
    x, v = sample((4, 3), device=device, gap=0.5), sample((4, 3), device=device)

    with situation("given a step function of the first row of x"):
        result = jacobian_hessian.jvp_double_backward(lambda t: torch.sign(t[0]), x, v)

    check(result, torch.zeros_like(x[0]), what="Jv of the sign of x[0]")


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_leaves_tensors_that_record_as_they_were(device):
    x, v = a_leaf((4, 3), device), sample((4, 3), device=device)

    with a_weight((4, 3), device) as weight, unchanged(x, v):
        result = jacobian_hessian.jvp_double_backward(lambda t: weight * t.sin(), x, v)

    expected = (v * weight * x.cos()).detach()
    check(result, expected, what="Jv, where x and a weight of f record")


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_holds_an_x_that_f_uses_by_itself_constant(device):
    v = sample((4, 3), device=device)

    with computed((4, 3), device) as x:
        result = jacobian_hessian.jvp_double_backward(lambda t: t * x, x, v)

    at = x.detach()
    check(result, v * at, what="Jv of f(t) = t·x", mistakes={CLOSED_OVER: 2 * v * at})


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_works_inside_no_grad(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    with inside_no_grad():
        result = jacobian_hessian.jvp_double_backward(torch.sin, x, v)

    check(result, v * x.cos(), what="Jv, called inside torch.no_grad()")


@pytest.mark.task("jvp_double_backward")
@in_reverse
def test_jvp_never_forms_j(device):
    def rolling(t):
        return t.sin() * t.roll(1)

    x, v = sample((200,), device=device), sample((200,), device=device)
    advice = (
        "x and f(x) have 200 elements each, and J has 40,000, which Jv does not need; "
        "differentiate uᵀJ with respect to u"
    )

    with Measured(elements=2000, operations=1000, advice=advice):
        result = jacobian_hessian.jvp_double_backward(
            Observed(rolling, most=2, advice=advice), x, v
        )

    check(result, v * x.cos() * x.roll(1) + x.sin() * v.roll(1), what="Jv of 200 elements")


# hessian

without_hessian = pytest.mark.forbid(
    *_HESSIANS, *_JACOBIANS, reason="differentiate each element of the gradient"
)


def all_entries(matrix, x):
    """Return the sum of each row of a Hessian, in the shape of x."""
    return applied(matrix, torch.ones_like(x), to=x.shape)


@pytest.mark.task("hessian")
@without_hessian
@any_layout
def test_hessian_is_torchs(layout, device):
    x = sample(**layout, device=device)
    f = bumpy(x)
    expected = functional.hessian(f, x)

    given = f"given x of shape {tuple(x.shape)}"
    with differentiating_twice(given), unchanged(x):
        result = jacobian_hessian.hessian(f, x)

    check(
        result,
        expected,
        what=f"H, {given}",
        mistakes={
            "only the diagonal is returned": diagonal(expected, x),
            "only the diagonal is filled in": lambda: torch.diag_embed(
                diagonal(expected, x).reshape(-1)
            ).reshape(expected.shape),
            "the rows are added up: that is the gradient of the sum of the gradient": all_entries(
                expected, x
            ),
            "the first derivative is returned: differentiate it again": functional.jacobian(f, x),
            NOT_RECORDED: torch.zeros_like(expected),
        },
    )


@pytest.mark.task("hessian")
@without_hessian
def test_hessian_is_differentiated_and_not_measured(device):
    x = sample((3,), device=device)

    result = jacobian_hessian.hessian(steep, x)

    check(result, torch.diag(-90000 * (300 * x).sin()), what="H of Σ sin 300x")


@pytest.mark.task("hessian")
@without_hessian
@any_line
def test_hessian_is_zeros_where_f_is_linear(recording, gradient, device):
    x = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=recording)

    with situation(f"given a linear f, {gradient}"):
        result = jacobian_hessian.hessian(lambda t: (weight * t).sum(), x)

    check(result, x.new_zeros(4, 3, 4, 3), what=f"H of a linear f, {gradient}")


@pytest.mark.task("hessian")
@without_hessian
@any_constant
def test_hessian_is_zeros_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((), device=device, requires_grad=recording)

    with situation(f"given an f that ignores x, {result}"):
        matrix = jacobian_hessian.hessian(lambda t: 3 * constant, x)

    check(matrix, x.new_zeros(4, 3, 4, 3), what=f"H of an f that ignores x, {result}")


@pytest.mark.task("hessian")
@without_hessian
def test_hessian_keeps_float32(device):
    x = sample((3,), device=device, dtype=torch.float32)

    with situation("given x in float32"):
        result = jacobian_hessian.hessian(lambda t: t.sin().sum(), x)

    check(result, -torch.diag(x.sin()), what="H of Σ sin x in float32")


@pytest.mark.task("hessian")
@without_hessian
def test_hessian_leaves_tensors_that_record_as_they_were(device):
    x = a_leaf((3,), device)

    with a_weight((3,), device) as weight, unchanged(x):
        result = jacobian_hessian.hessian(lambda t: (weight * t.sin()).sum(), x)

    expected = -torch.diag(weight * x.sin()).detach()
    check(result, expected, what="H, where x and a weight of f record")


@pytest.mark.task("hessian")
@without_hessian
def test_hessian_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((3,), device) as x:
        result = jacobian_hessian.hessian(lambda t: (t.square() * x).sum(), x)

    at = x.detach()
    check(
        result,
        torch.diag(2 * at),
        what="H of f(t) = Σ t²·x",
        mistakes={CLOSED_OVER: torch.diag(6 * at)},
    )


@pytest.mark.task("hessian")
@without_hessian
def test_hessian_lets_an_error_in_the_second_derivative_through(device):
    x = sample((3,), device=device)

    with second_derivative_raises():
        jacobian_hessian.hessian(lambda t: CubeOnce.apply(t).sum(), x)


@pytest.mark.task("hessian")
@without_hessian
def test_hessian_works_inside_no_grad(device):
    x = sample((3,), device=device)

    with inside_no_grad():
        result = jacobian_hessian.hessian(lambda t: t.sin().sum(), x)

    check(result, -torch.diag(x.sin()), what="H, called inside torch.no_grad()")


# hvp

without_hvp = pytest.mark.forbid(
    "torch.autograd.functional.hvp",
    "torch.autograd.functional.vhp",
    *_HESSIANS,
    reason="differentiate the gradient, with v for the incoming gradient",
)


@pytest.mark.task("hvp")
@without_hvp
@any_layout
def test_hvp_is_h_times_v(layout, device):
    x = sample(**layout, device=device)
    f, v = bumpy(x), sample(x.shape, device=device)
    matrix = functional.hessian(f, x)

    given = f"given x of shape {tuple(x.shape)}"
    with differentiating_twice(given), unchanged(x, v):
        result = jacobian_hessian.hvp(f, x, v)

    check(
        result,
        applied(matrix, v, to=x.shape),
        what=f"Hv, {given}",
        mistakes={
            "v is left out: that is the sum of each row of H": all_entries(matrix, x),
            "v is multiplied in after the second pass, and not before": v * all_entries(matrix, x),
            "only the diagonal of H counts": v * diagonal(matrix, x),
            "the gradient is multiplied by v, and not differentiated": (
                v * functional.jacobian(f, x)
            ),
            NOT_RECORDED: torch.zeros_like(x),
        },
    )


@pytest.mark.task("hvp")
@without_hvp
def test_hvp_calls_f_once(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    f = Observed(bumpy(x))

    jacobian_hessian.hvp(f, x, v)

    assert f.calls == 1, (
        f"f is called {f.calls} times, once is enough: differentiate the gradient at x itself; "
        "the difference of two gradients, at nearby points, only comes near Hv"
    )


@pytest.mark.task("hvp")
@without_hvp
@any_line
def test_hvp_is_zeros_where_f_is_linear(recording, gradient, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=recording)

    with situation(f"given a linear f, {gradient}"):
        result = jacobian_hessian.hvp(lambda t: (weight * t).sum(), x, v)

    check(result, torch.zeros_like(x), what=f"Hv of a linear f, {gradient}")


@pytest.mark.task("hvp")
@without_hvp
@any_constant
def test_hvp_is_zeros_where_f_ignores_x(recording, result, device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)
    constant = sample((), device=device, requires_grad=recording)

    with situation(f"given an f that ignores x, {result}"):
        product = jacobian_hessian.hvp(lambda t: 3 * constant, x, v)

    check(product, torch.zeros_like(x), what=f"Hv of an f that ignores x, {result}")


@pytest.mark.task("hvp")
@without_hvp
def test_hvp_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)
    v = sample((4, 3), device=device, dtype=torch.float32)

    with situation("given x in float32"):
        result = jacobian_hessian.hvp(lambda t: t.sin().sum(), x, v)

    check(result, -x.sin() * v, what="Hv of Σ sin x in float32")


@pytest.mark.task("hvp")
@without_hvp
def test_hvp_leaves_tensors_that_record_as_they_were(device):
    x, v = a_leaf((4, 3), device), sample((4, 3), device=device)

    with a_weight((4, 3), device) as weight, unchanged(x, v):
        result = jacobian_hessian.hvp(lambda t: (weight * t.sin()).sum(), x, v)

    expected = (-weight * x.sin() * v).detach()
    check(result, expected, what="Hv, where x and a weight of f record")


@pytest.mark.task("hvp")
@without_hvp
def test_hvp_holds_an_x_that_f_uses_by_itself_constant(device):
    v = sample((4, 3), device=device)

    with computed((4, 3), device) as x:
        result = jacobian_hessian.hvp(lambda t: (t.square() * x).sum(), x, v)

    at = x.detach()
    check(result, 2 * at * v, what="Hv of f(t) = Σ t²·x", mistakes={CLOSED_OVER: 6 * at * v})


@pytest.mark.task("hvp")
@without_hvp
def test_hvp_lets_an_error_in_the_second_derivative_through(device):
    x, v = sample((3,), device=device), sample((3,), device=device)

    with second_derivative_raises():
        jacobian_hessian.hvp(lambda t: CubeOnce.apply(t).sum(), x, v)


@pytest.mark.task("hvp")
@without_hvp
def test_hvp_works_inside_no_grad(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    with inside_no_grad():
        result = jacobian_hessian.hvp(lambda t: t.sin().sum(), x, v)

    check(result, -x.sin() * v, what="Hv, called inside torch.no_grad()")


@pytest.mark.task("hvp")
@without_hvp
def test_hvp_of_2000_elements_never_forms_h(device):
    def chain(t):
        return ((t[1:] - t[:-1].square()).square() + t[1:].sin()).sum() + t.sum().cos()

    x, v = sample((2000,), device=device), sample((2000,), device=device)
    advice = (
        "x has 2000 elements, and H has 4,000,000, which Hv does not need; one pass gives the "
        "gradient, and a second one, with v for the incoming gradient, gives Hv"
    )

    f = Observed(chain, most=2, advice=advice)
    with Measured(elements=20_000, operations=1000, advice=advice):
        result = jacobian_hessian.hvp(f, x, v)

    check(result, functional.hvp(chain, x, v)[1], what="Hv of 2000 elements")


# laplacian

by_second_derivatives = pytest.mark.forbid(
    *_HESSIANS, reason="add up the second derivatives by each element of x"
)


@pytest.mark.task("laplacian")
@by_second_derivatives
@any_layout
def test_laplacian_is_the_trace_of_the_hessian(layout, device):
    x = sample(**layout, device=device)
    f = bumpy(x)
    matrix = functional.hessian(f, x)
    expected = diagonal(matrix, x).sum()

    given = f"given x of shape {tuple(x.shape)}"
    with differentiating_twice(given), unchanged(x):
        result = jacobian_hessian.laplacian(f, x)

    check(
        result,
        expected,
        what=f"the trace of H, {given}",
        mistakes={
            "all entries of H are added up, as differentiating the sum of the gradient does: only "
            "those on its diagonal count": matrix.sum(),
            "the second derivatives are returned one by one: add them up": diagonal(matrix, x),
            "the diagonal of an H of four axes is taken from two of them alone: reshape H to a "
            "matrix first": lambda: matrix.diagonal().sum(),
            "the gradient is added up: differentiate it first": functional.jacobian(f, x).sum(),
            "the mean is taken, and not the sum": expected / x.numel(),
            NOT_RECORDED: torch.zeros_like(expected),
        },
    )


@pytest.mark.task("laplacian")
@by_second_derivatives
def test_laplacian_is_differentiated_and_not_measured(device):
    x = sample((3,), device=device)

    result = jacobian_hessian.laplacian(steep, x)

    check(result, -90000 * (300 * x).sin().sum(), what="the trace of H of Σ sin 300x")


@pytest.mark.task("laplacian")
@by_second_derivatives
@any_line
def test_laplacian_is_0_where_f_is_linear(recording, gradient, device):
    x = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=recording)

    with situation(f"given a linear f, {gradient}"):
        result = jacobian_hessian.laplacian(lambda t: (weight * t).sum(), x)

    check(result, x.new_zeros(()), what=f"the trace of H of a linear f, {gradient}")


@pytest.mark.task("laplacian")
@by_second_derivatives
@any_constant
def test_laplacian_is_0_where_f_ignores_x(recording, result, device):
    x = sample((4, 3), device=device)
    constant = sample((), device=device, requires_grad=recording)

    with situation(f"given an f that ignores x, {result}"):
        trace = jacobian_hessian.laplacian(lambda t: 3 * constant, x)

    check(trace, x.new_zeros(()), what=f"the trace of H of an f that ignores x, {result}")


@pytest.mark.task("laplacian")
@by_second_derivatives
def test_laplacian_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    with situation("given x in float32"):
        result = jacobian_hessian.laplacian(lambda t: t.pow(3).sum(), x)

    check(result, 6 * x.sum(), what="the trace of H of Σ x³ in float32", atol=1e-4)


@pytest.mark.task("laplacian")
@by_second_derivatives
def test_laplacian_leaves_tensors_that_record_as_they_were(device):
    x = a_leaf((4, 3), device)

    with a_weight((4, 3), device) as weight, unchanged(x):
        result = jacobian_hessian.laplacian(lambda t: (weight * t.sin()).sum(), x)

    expected = -(weight * x.sin()).sum().detach()
    check(result, expected, what="the trace of H, where x and a weight of f record")


@pytest.mark.task("laplacian")
@by_second_derivatives
def test_laplacian_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((4, 3), device) as x:
        result = jacobian_hessian.laplacian(lambda t: (t.square() * x).sum(), x)

    at = x.detach()
    check(
        result,
        2 * at.sum(),
        what="the trace of H of f(t) = Σ t²·x",
        mistakes={CLOSED_OVER: 6 * at.sum()},
    )


@pytest.mark.task("laplacian")
@by_second_derivatives
def test_laplacian_works_inside_no_grad(device):
    x = sample((4, 3), device=device)

    with inside_no_grad():
        result = jacobian_hessian.laplacian(lambda t: t.sin().sum(), x)

    check(result, -x.sin().sum(), what="the trace of H, called inside torch.no_grad()")


# newton_step


def with_eigenvalues(values, device):
    """Return a symmetric matrix that has these eigenvalues."""
    turn, _ = torch.linalg.qr(sample((len(values), len(values)), device=device))
    return (turn * torch.as_tensor(values, dtype=turn.dtype, device=device)) @ turn.T


def quadratic(matrix, stationary):
    """Return f with this Hessian, whose gradient is 0 at one point."""

    def f(t):
        demand_shape_of(stationary, t)
        off = (t - stationary).reshape(-1)
        return off @ matrix @ off / 2

    return f


def newton_mistakes(x, gradient, step):
    """Return what known mistakes give instead of x − step."""
    return {
        "the step is added to x: subtract it": x + step,
        "the gradient itself is taken for the step: solve H s = g for it": x - gradient,
        "the step is returned: subtract it from x": step,
        "the step is returned with its sign flipped: add x": -step,
    }


@pytest.mark.task("newton_step")
@any_layout
def test_newton_step_lands_on_the_minimum_of_a_quadratic(layout, device):
    x = sample(**layout, device=device)
    minimum = sample(x.shape, device=device)
    matrix = with_eigenvalues([1 + i / 2 for i in range(x.numel())], device)
    gradient = applied(matrix, x - minimum, to=x.shape)

    given = f"given x of shape {tuple(x.shape)}"
    with situation(given), unchanged(x):
        result = jacobian_hessian.newton_step(quadratic(matrix, minimum), x)

    check(
        result,
        minimum,
        what=f"a step on a quadratic with a minimum, {given}",
        mistakes=newton_mistakes(x, gradient, x - minimum),
    )


@pytest.mark.task("newton_step")
@pytest.mark.parametrize(
    ("name", "values"),
    [
        pytest.param("a saddle, where H has eigenvalues of both signs", [2, -1, 3], id="saddle"),
        pytest.param("a maximum, where all eigenvalues of H are negative", [-2, -1, -3], id="max"),
    ],
)
def test_newton_step_lands_on_a_saddle_and_on_a_maximum_too(name, values, device):
    x, stationary = sample((3,), device=device), sample((3,), device=device)
    matrix = with_eigenvalues(values, device)

    with situation(f"on a quadratic with {name}"):
        result = jacobian_hessian.newton_step(quadratic(matrix, stationary), x)

    check(
        result,
        stationary,
        what=f"a step on a quadratic with {name}",
        mistakes=newton_mistakes(x, matrix @ (x - stationary), x - stationary),
    )


@pytest.mark.task("newton_step")
def test_newton_step_uses_gradient_and_hessian_at_x(device):
    x = sample((3,), device=device)
    bumps = bumpy(x)

    def f(t):
        return bumps(t) + 2 * t.square().sum()

    gradient, matrix = functional.jacobian(f, x), functional.hessian(f, x)
    step = torch.linalg.solve(matrix, gradient)

    result = jacobian_hessian.newton_step(f, x)

    check(
        result,
        x - step,
        what="a step on a function that is not quadratic",
        mistakes=newton_mistakes(x, gradient, step)
        | {"only the diagonal of H counts": x - gradient / matrix.diagonal()},
    )


@pytest.mark.task("newton_step")
def test_newton_step_keeps_float32(device):
    x = sample((4,), device=device, dtype=torch.float32)

    result = jacobian_hessian.newton_step(lambda t: t.pow(4).sum(), x)

    check(result, x * 2 / 3, what="a step on Σ x⁴ in float32")


@pytest.mark.task("newton_step")
def test_newton_step_solves_to_the_last_digits_close_to_a_singular_hessian(device):
    matrix = with_eigenvalues([10.0**-i for i in range(0, 11, 2)], device)
    x = sample((6,), device=device)

    step = x - jacobian_hessian.newton_step(quadratic(matrix, torch.zeros_like(x)), x)

    residual = torch.linalg.norm(matrix @ step - matrix @ x)
    bound = torch.linalg.matrix_norm(matrix, 2) * torch.linalg.norm(step)
    assert residual <= 1e-12 * bound, (
        f"H has eigenvalues from 1 to 1e-10, and ‖H s - g‖ / (‖H‖ ‖s‖) is {residual / bound:.1g} "
        "for s = x - result; 1e-12 is allowed: compute g and H by autograd and solve H s = g, by "
        "torch.linalg.solve; an inverse that is multiplied with g loses these digits"
    )


@pytest.mark.task("newton_step")
@pytest.mark.parametrize(
    ("when", "f"),
    [
        # Of equal whole numbers: rounding cannot hide that it is singular.
        pytest.param("H is singular, as that of (Σx)² is", lambda t: t.sum() ** 2, id="rank 1"),
        pytest.param("f is linear, so that H is 0", lambda t: 3 * t.sum(), id="linear"),
        pytest.param("f ignores x, so that H is 0", lambda t: t.new_ones(()), id="constant"),
    ],
)
def test_newton_step_raises_where_the_hessian_is_singular(when, f, device):
    x = sample((3,), device=device)

    with raises(
        torch.linalg.LinAlgError,
        name="torch.linalg.LinAlgError",
        when=when,
        advice="torch.linalg.solve raises it by itself",
    ):
        jacobian_hessian.newton_step(f, x)


@pytest.mark.task("newton_step")
def test_newton_step_goes_by_the_pivots_and_not_by_the_determinant(device):
    x = sample((3,), device=device)

    with situation("where H is 1e-120 times the identity, whose determinant is rounded to 0"):
        result = jacobian_hessian.newton_step(lambda t: 5e-121 * t.square().sum(), x)

    check(result, torch.zeros_like(x), what="a step on 5e-121 · Σx²")


@pytest.mark.task("newton_step")
def test_newton_step_leaves_tensors_that_record_as_they_were(device):
    x = a_leaf((4,), device)

    with a_weight((), device, low=1.0) as weight, unchanged(x):
        result = jacobian_hessian.newton_step(lambda t: (weight * t.pow(4)).sum(), x)

    check(result, x.detach() * 2 / 3, what="a step on Σ weight · x⁴, where x and weight record")


@pytest.mark.task("newton_step")
def test_newton_step_holds_an_x_that_f_uses_by_itself_constant(device):
    with computed((4,), device) as x:
        result = jacobian_hessian.newton_step(lambda t: (t.pow(4) * x).sum(), x)

    at = x.detach()
    check(
        result,
        at * 2 / 3,
        what="a step on f(t) = Σ t⁴·x",
        mistakes={CLOSED_OVER: at * 3 / 4},
    )


@pytest.mark.task("newton_step")
def test_newton_step_works_inside_no_grad(device):
    x = sample((4,), device=device)

    with inside_no_grad():
        result = jacobian_hessian.newton_step(lambda t: t.pow(4).sum(), x)

    check(result, x * 2 / 3, what="a step on Σ x⁴, called inside torch.no_grad()")
