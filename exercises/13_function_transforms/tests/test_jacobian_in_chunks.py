import math

import function_transforms
import pytest
import torch
from torch.autograd import Function, functional

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    Wrong,
    a_leaf,
    check,
    counted,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import mixing

pytestmark = pytest.mark.task("jacobian_in_chunks")


by_pullbacks = pytest.mark.forbid(
    "torch.func.jacrev",
    "torch.func.jacfwd",
    "torch.autograd.functional.jacobian",
    reason="give the rows of the identity matrix to the pullback of torch.func.vjp",
)


class Passes:
    """The rows that each backward pass carries; torch.func would copy a list."""

    def __init__(self):
        self.rows = []


class Noted(Function):
    """An incoming gradient, of which it notes how many rows it carries."""

    @staticmethod
    def forward(gradient, passes):
        passes.rows.append(1)
        return gradient.clone()

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def vmap(info, in_dims, gradient, passes):
        passes.rows.append(info.batch_size)
        return gradient.clone(), in_dims[0]

    @staticmethod
    def backward(ctx, *gradients):
        raise Wrong(
            "the backward of f is differentiated again: the rows of J are what backward passes "
            "return"
        )


class Watched(Function):
    """x; the backward passes through it note how many rows they carry."""

    @staticmethod
    def forward(x, passes):
        return x.clone()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.passes = inputs[1]

    @staticmethod
    def backward(ctx, grad_output):
        return Noted.apply(grad_output, ctx.passes), None

    @staticmethod
    def vmap(info, in_dims, x, passes):
        raise Wrong(
            "f itself runs under torch.func.vmap: call it once, outside, and give vmap the "
            "function that takes an incoming gradient back to x"
        )

    @staticmethod
    def jvp(ctx, *tangents):
        raise Wrong(
            "f is differentiated in forward mode, which gives columns of J: its rows come from "
            "backward passes"
        )


def demand_passes(rows, m, chunk):
    due = math.ceil(m / chunk)
    hint = "chunk is how many rows a pass carries, and not how many passes there are"
    if max(rows, default=0) > chunk:
        raise Wrong(
            f"with chunk={chunk}, a backward pass carries {max(rows)} rows of the {m}: {hint}"
        )
    if len(rows) != due:
        raise Wrong(
            f"with chunk={chunk}, {len(rows)} backward passes go through f for {m} rows, and {due} "
            f"are due: {hint}"
        )


CASES = [
    ({"shape": (3, 2)}, (4, 5), 7),
    ({"shape": (3, 2)}, (2, 3), 1),
    ({"shape": (3,), "strided": True}, (20,), 4),
    ({"shape": ()}, (4, 5), 20),
    ({"shape": (3, 1), "dtype": torch.float32}, (5, 4), 50),
    ({"shape": (2, 2)}, (), 3),
]


@by_pullbacks
@pytest.mark.parametrize(("layout", "shape", "chunk"), CASES, ids=[f"{c[2]}" for c in CASES])
def test_jacobian_in_chunks_takes_passes_of_so_many_rows(layout, shape, chunk, device):
    x = sample(**layout, device=device)
    plain = mixing(x, shape)
    expected = functional.jacobian(plain, x)
    passes = Passes()
    f = counted(lambda t: plain(Watched.apply(t, passes)))
    m = math.prod(shape)

    given = f"given x of shape {tuple(x.shape)}, f(x) of shape {shape} and chunk={chunk}"
    with situation(given), unchanged(x):
        result = function_transforms.jacobian_in_chunks(f, x, chunk)

    rows = expected.reshape(m, *x.shape)
    rest = rows.clone()
    rest[m - m % chunk :] = 0
    check(
        result,
        expected,
        what=f"J, {given}",
        mistakes={
            "the last rows, fewer than chunk, are left out": rest.reshape_as(expected),
            "the axes of x come first: those of f(x) do": (
                rows.movedim(0, -1).reshape(*x.shape, *shape)
            ),
        },
    )
    if f.calls != 1:
        raise Wrong(f"f is called {f.calls} times: call it once, and keep its graph for all passes")
    demand_passes(passes.rows, m, chunk)


@by_pullbacks
def test_jacobian_in_chunks_has_no_graph_whatever_records(device):
    x, weight = a_leaf((3,), device), a_leaf((3,), device)

    with unchanged(x, weight):
        result = function_transforms.jacobian_in_chunks(lambda t: weight * t.sin() * x, x, 2)

    expected = torch.diag(weight * x.cos() * x).detach()
    what = "J of f(t) = weight · sin t · x, where x and a weight record"
    check(
        result,
        expected,
        what=what,
        mistakes={
            "the original x is made to record, so that the x inside f counts too": (
                expected + torch.diag(weight * x.sin()).detach()
            )
        },
    )


@by_pullbacks
def test_jacobian_in_chunks_works_inside_no_grad_and_lets_an_error_of_f_through(device):
    x = sample((3,), device=device)

    nan = torch.full((1,), torch.nan, device=device)
    with inside_no_grad():
        result = function_transforms.jacobian_in_chunks(torch.sin, x, 2)
        of_nan = function_transforms.jacobian_in_chunks(torch.sin, nan, 2)
        with raises(ErrorOfF, when="the backward of f raises it"):
            function_transforms.jacobian_in_chunks(IdentityWithoutBackward.apply, x, 2)

    check(result, torch.diag(x.cos()), what="J of sin, inside no_grad")
    check(of_nan, nan.view(1, 1), what="J of sin at an x of NaN")
