import forward_mode
import pytest
import torch
from torch.autograd import Function

from gradkata.checks import ErrorOfF, check, count_elements, forbid, sample, turned, weighted

from .shared import (
    UNINITIALISED,
    Case,
    Observed,
    comes_through,
    demand_that_errors_come_through,
    each,
)

pytestmark = pytest.mark.task("value_gradient_hvp")


forward_over_reverse = forbid(
    "torch.autograd.functional",
    "torch.func.hessian",
    "torch.func.jacrev",
    "torch.func.jacfwd",
    reason="take the gradient of an f whose argument moves along v",
)


def bumpy(weight):
    """Return a scalar f whose Hessian is nowhere zero, and whose gradient is not contiguous."""

    def f(t):
        other = turned(t).contiguous()
        return (weight * other).sum().exp() + other.sin().sum() + t.relu().sum()

    return f


def matrix(device):
    x = sample((4, 3), device=device, strided=True)
    weight = sample((3, 4), device=device, low=0.1, high=0.5)
    return x, bumpy(weight), [weight], "given a strided x of shape (4, 3)"


def no_axes(device):
    x = sample((), device=device, dtype=torch.float32)
    return x, lambda t: t.exp() * t, [], "given a 0-d x in float32, inside torch.no_grad()"


def all_record(device):
    x = sample((4, 1), device=device, requires_grad=True)
    x.grad = sample((4, 1), device=device)
    weight = sample((1, 4), device=device, low=0.1, requires_grad=True)
    return x, bumpy(weight), [weight], "where x and a weight of f require grad"


def linear(device):
    x, weight = (sample((4, 3), device=device, requires_grad=r) for r in (False, True))
    return x, lambda t: (weight * t).sum(), [weight], "given a linear f"


def constant(device):
    x, other = sample((4, 3), device=device), sample((), device=device)
    return x, lambda t: 3 * other, [other], "given an f that ignores x"


def constant_that_records(device):
    x, other = sample((4, 3), device=device), sample((), device=device, requires_grad=True)
    return x, lambda t: 3 * other, [other], "given an f that ignores x, and uses a weight"


def at_a_minimum(device):
    x, weight = torch.zeros(3, dtype=torch.float64, device=device), sample((3,), device=device)
    return x, lambda t: (weight * t.square()).sum(), [weight], "given an f with gradient 0 at x"


def closed_over(device):
    start = sample((3,), device=device, requires_grad=True)
    x = start.exp()
    return x, lambda t: (t.square() * x).sum(), [start], "given f(t) = Σ t²·x, with a computed x"


def test_value_gradient_hvp_takes_one_call_and_one_pass_without_h(device):
    def chain(t):
        return ((t[1:] - t[:-1].square()).square() + t[1:].sin()).sum() + t.sum().cos()

    x, v = sample((2000,), device=device), sample((2000,), device=device)
    f = Observed(chain)

    with count_elements() as made, forward_over_reverse:
        forward_mode.value_gradient_hvp(f, x, v)

    assert f.calls == 1, f"f is called {f.calls} times: one call gives all three"
    assert f.passes == 1, (
        f"{f.passes} backward passes go through f: one is due, whose gradient carries Hv with it"
    )
    assert made.largest <= 20_000, (
        f"x has 2,000 elements, and a tensor of {made.largest:,} is made: Hv does not need H"
    )


def by_reverse(f, x, v):
    """Return f(x), its gradient, Hv, and H times ones, by reverse passes alone."""
    leaf = x.clone().requires_grad_()
    nothing = 0 * leaf.sum()  # with a graph, where f has none
    value = f(leaf) + nothing
    (gradient,) = torch.autograd.grad(value, leaf, create_graph=True)
    products = [
        torch.autograd.grad((gradient * to).sum() + nothing, leaf, retain_graph=True)[0]
        for to in (v, torch.ones_like(v))
    ]
    return value.detach(), gradient.detach(), *products


@each(
    matrix,
    no_axes,
    all_record,
    linear,
    constant,
    constant_that_records,
    closed_over,
    at_a_minimum,
)
def test_value_gradient_hvp_is_torchs(case, device):
    case = Case(case, device)
    v = case.direction()

    with case.called(v), forward_over_reverse:
        result = forward_mode.value_gradient_hvp(case.f, case.x, v)

    v = v.detach()
    value, gradient, product, hessian_of_ones = by_reverse(case.f, case.at, v)
    check(
        result,
        (value, gradient, product),
        what=f"f(x), gradient and Hv, {case.words}",
        rtol=case.rtol,
        atol=case.rtol,
        mistakes={
            "Hv is taken for zeros: the gradient must carry a tangent": (
                value,
                gradient,
                torch.zeros_like(v),
            ),
            "the gradient is multiplied by v, and does not move along it": (
                value,
                gradient,
                gradient * v,
            ),
            "v is left out: that is the sum of each row of H": (value, gradient, hessian_of_ones),
            "v is multiplied in afterwards": (value, gradient, hessian_of_ones * v),
            "the tangent of f(x) is taken for f(x): unpack its primal": (
                (gradient * v).sum(),
                gradient,
                product,
            ),
            UNINITIALISED: (value, gradient, torch.full_like(v, torch.nan)),
        },
    )


class SquareOnce(Function):
    """x², whose backward raises ErrorOfF, and whose jvp does not."""

    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        raise ErrorOfF

    @staticmethod
    def jvp(ctx, x_tangent):
        (x,) = ctx.saved_tensors
        return 2 * x * x_tangent


def test_value_gradient_hvp_lets_an_error_of_f_through(device):
    def call(f, x):
        forward_mode.value_gradient_hvp(lambda t: weighted(f(t)), x, x)

    demand_that_errors_come_through(call, device, forward_over_reverse)


def test_value_gradient_hvp_lets_an_error_of_the_backward_pass_through(device):
    x = sample((3,), device=device)

    with comes_through(ErrorOfF), forward_over_reverse:
        forward_mode.value_gradient_hvp(lambda t: weighted(SquareOnce.apply(t)), x, x)
