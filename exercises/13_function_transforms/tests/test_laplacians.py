import function_transforms
import pytest
import torch
from torch import Tensor

from gradkata.checks import (
    DispatchMode,
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

pytestmark = pytest.mark.task("laplacians")


def wave(a, b):
    """Return u(x) = sin(a·x) + b·x³, which demands one point."""

    def u(x):
        if x.shape != b.shape:
            raise Wrong(
                f"u is called with a tensor of shape {tuple(x.shape)}; it takes one point, of "
                f"shape {tuple(b.shape)}"
            )
        return (a * x).sum().sin() + (b * x**3).sum()

    return counted(u)


def laplacians_of(a, b, xs):
    """Return the Laplacian of the wave at each point, by its formula."""
    return 6 * (xs * b).sum(1) - a.square().sum() * (xs * a).sum(1).sin()


def values(result):
    """Return a result without the graph that it may have."""
    return result.detach() if isinstance(result, Tensor) else result


def mistakes(a, b, xs):
    hessian_sums = 6 * (xs * b).sum(1) - a.sum().square() * (xs * a).sum(1).sin()
    gradients = a * (xs * a).sum(1, keepdim=True).cos() + 3 * b * xs**2
    seconds = 6 * xs * b - a.square() * (xs * a).sum(1, keepdim=True).sin()
    return {
        "all entries of H are added up, as differentiating the sum of the gradient does: only "
        "those on its diagonal count": hessian_sums,
        "the Laplacians of all points are added up: each point has its own": (
            laplacians_of(a, b, xs).sum()
        ),
        "the gradient is added up: differentiate it first": gradients.sum(1),
        "the second derivatives are returned one by one: add them up": seconds,
    }


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((4, 3), torch.float64), ((1, 1), torch.float32)],
    ids=["4 points", "1 point, 1 axis, float32"],
)
def test_laplacians_are_those_of_each_point(shape, dtype, device):
    xs = sample(shape, device=device, dtype=dtype, strided=True)
    a, b = (sample(shape[1:], device=device, dtype=dtype) for _ in range(2))
    u = wave(a, b)

    with situation(f"given xs of shape {shape}"), unchanged(xs):
        result = function_transforms.laplacians(u, xs)

    check(
        values(result),
        laplacians_of(a, b, xs),
        what=f"the Laplacians, given xs of shape {shape}",
        mistakes=mistakes(a, b, xs),
    )
    if u.calls != 1:
        raise Wrong(f"u is called {u.calls} times: call it once, under vmap for the points")


def test_laplacians_can_be_differentiated_by_the_parameters_of_u(device):
    xs, a, b = a_leaf((4, 3), device), a_leaf((3,), device), a_leaf((3,), device)
    cotangent = sample((4,), device=device)

    def bent(points):
        return (xs[0] * points**2).sum()

    u = wave(a, b)
    with unchanged(xs, a, b):
        result = function_transforms.laplacians(lambda x: u(x) + bent(x), xs)

    waves = laplacians_of(a, b, xs)
    expected = waves + 2 * xs[0].sum()
    varying = torch.autograd.functional.hessian(lambda t: (t[0] * t**2).sum(), xs.detach())
    check(
        result,
        expected,
        what="the Laplacians, where u uses xs[0], and two parameters of u record",
        mistakes={
            "the original xs is made to record, so that the xs inside u counts too": (
                waves.detach() + torch.einsum("ikjk->j", varying)
            )
        },
    )
    due = torch.autograd.grad(expected, (a, b), cotangent)
    with situation("differentiated by a parameter of u"):
        gradients = torch.autograd.grad(result, (a, b), cotangent)
    check(gradients, due, what="the gradients of the Laplacians by two parameters of u")


FLAT = {
    "linear": lambda weight, x: (weight * x).sum(),
    "constant": lambda weight, x: weight.square().sum(),
}


@pytest.mark.parametrize("recording", [False, True], ids=["plain", "recording"])
@pytest.mark.parametrize(("kind", "u"), FLAT.items(), ids=FLAT)
def test_laplacians_are_0_where_u_is_linear_or_constant(kind, u, recording, device):
    xs, weight = sample((4, 3), device=device), sample((3,), device=device)
    weight.requires_grad_(recording)

    with situation(f"given a u that is {kind}"):
        result = function_transforms.laplacians(lambda x: u(weight, x), xs)

    check(values(result), xs.new_zeros(4), what=f"the Laplacians of a u that is {kind}")


class Largest(DispatchMode):
    """Stops an operation that makes too large a tensor."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        several = result if isinstance(result, tuple | list) else (result,)
        largest = max((t.numel() for t in several if isinstance(t, Tensor)), default=0)
        if largest > self.most:
            raise Wrong(
                f"given 300 points of 3 axes, a tensor of {largest:,} elements is made; 4·N·d² is "
                f"{self.most:,}: take the derivatives of one point, under vmap for the points"
            )
        return result


def test_laplacians_never_makes_the_hessian_of_all_points_together(device):
    xs, a, b = (sample(shape, device=device) for shape in ((300, 3), (3,), (3,)))

    with Largest(4 * 300 * 9):
        result = function_transforms.laplacians(wave(a, b), xs)

    check(values(result), laplacians_of(a, b, xs), what="the Laplacians at 300 points")


def test_laplacians_works_inside_no_grad_and_lets_an_error_of_u_through(device):
    xs, a, b = sample((4, 3), device=device), a_leaf((3,), device), sample((3,), device=device)
    xs[1] = torch.nan

    with inside_no_grad():
        result = function_transforms.laplacians(wave(a, b), xs)

    zeros = xs.new_zeros(4)
    check(
        values(result),
        laplacians_of(a, b, xs).detach(),
        what="the Laplacians, inside no_grad, at points of which one is NaN",
        mistakes={
            "nothing records inside no_grad, and u is taken for constant: turn grad mode on": zeros
        },
    )
    with inside_no_grad(), raises(ErrorOfF, when="differentiating u raises it"):
        function_transforms.laplacians(lambda x: IdentityWithoutBackward.apply(x).sum(), xs)
