import function_transforms
import pytest
import torch
from torch import Tensor
from torch.autograd import functional

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    Wrong,
    a_leaf,
    check,
    count_operations,
    counted,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

from .shared import mixing

pytestmark = pytest.mark.task("gauss_newton_product")


CASES = [
    ({"shape": (4,)}, (4,)),
    ({"shape": (3, 2), "strided": True}, (4, 1)),
    ({"shape": ()}, (3,)),
    ({"shape": (3,), "dtype": torch.float32}, ()),
]


def mistakes(f, x, v, jacobian):
    flat, y = jacobian.reshape(-1, x.numel()), f(x).reshape(-1)
    known = {
        "Jv is returned: pull it back": lambda: flat @ v.reshape(-1),
        "f(x) is pulled back, which is the gradient of ½‖f‖²: pull Jv back": lambda: flat.T @ y,
        "the Hessian of ½‖f‖² is taken, with the second derivatives of f": lambda: functional.hvp(
            lambda t: f(t).square().sum() / 2, x, v
        )[1],
        "the two products come the other way round, JJᵀv": lambda: flat @ (flat.T @ v.reshape(-1)),
        "v is pulled back: push it forward first": lambda: flat.T @ v.reshape(-1),
    }
    return {words: lambda give=give: give().reshape_as(x) for words, give in known.items()}


@pytest.mark.parametrize(("layout", "shape"), CASES, ids=["square", "strided", "0-d", "scalar"])
def test_gauss_newton_product_is_that_of_the_jacobian(layout, shape, device):
    x, v = sample(**layout, device=device), sample(**layout, device=device)
    plain = mixing(x, shape)
    jacobian = functional.jacobian(plain, x)
    f = counted(plain)

    given = f"given x of shape {tuple(x.shape)} and f(x) of shape {shape}"
    with situation(given), unchanged(x, v):
        result = function_transforms.gauss_newton_product(f, x, v)

    flat = jacobian.reshape(-1, x.numel())
    expected = (flat.T @ (flat @ v.reshape(-1))).reshape_as(x)
    known = mistakes(plain, x, v, jacobian)
    check(result, expected, what=f"JᵀJv, {given}", mistakes=known)
    if f.calls > 2:
        raise Wrong(f"f is called {f.calls} times: once forward for Jv and once for Jᵀ will do")


def test_gauss_newton_product_holds_an_x_that_f_uses_constant_and_has_no_graph(device):
    x, weight = a_leaf((3,), device), a_leaf((3,), device)

    with unchanged(x, weight), situation("given an x that is v too"):
        result = function_transforms.gauss_newton_product(lambda t: weight * t.sin() * x, x, x)

    at, w = x.detach(), weight.detach()
    slope = w * at.cos() * at
    check(
        result,
        slope.square() * at,
        what="JᵀJx of f(t) = weight · sin t · x, where x and a weight record",
        mistakes={
            "the original x is made to record, so that the x inside f counts too": (
                (slope + w * at.sin()).square() * at
            )
        },
    )


class Measured(count_operations):
    """Stops an operation that makes too large a tensor, and the first one of too many."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = super().__torch_dispatch__(func, types, args, kwargs)
        several = result if isinstance(result, tuple | list) else (result,)
        largest = max((t.numel() for t in several if isinstance(t, Tensor)), default=0)
        if largest > 20_000:
            raise Wrong(
                f"given x and f(x) of 2,000 elements, a tensor of {largest:,} elements is made; "
                "10·n is 20,000: JᵀJv needs two products with J, and not J"
            )
        if self.count.total() >= 500:
            raise Wrong(
                "given x and f(x) of 2,000 elements, 500 operations run: JᵀJv needs two products "
                "with J, and not J row by row"
            )
        return result


def test_gauss_newton_product_never_makes_j(device):
    x, v = (sample((2000,), device=device) for _ in range(2))

    with Measured():
        result = function_transforms.gauss_newton_product(lambda t: t.sin() + t.roll(1), x, v)

    pushed = v * x.cos() + v.roll(1)
    check(result, pushed * x.cos() + pushed.roll(-1), what="JᵀJv of 2,000 elements", rtol=1e-9)


def test_gauss_newton_product_works_inside_no_grad_and_lets_an_error_of_f_through(device):
    x, v = (sample((3,), device=device) for _ in range(2))

    with inside_no_grad():
        result = function_transforms.gauss_newton_product(torch.exp, x, v)
        of_zeros = function_transforms.gauss_newton_product(torch.exp, x, torch.zeros_like(v))
        of_nan = function_transforms.gauss_newton_product(torch.exp, x, v * torch.nan)
        with raises(ErrorOfF, when="differentiating f raises it"):
            function_transforms.gauss_newton_product(IdentityWithoutBackward.apply, x, v)

    check(result, v * (2 * x).exp(), what="JᵀJv of exp, inside no_grad")
    check(of_zeros, torch.zeros_like(v), what="JᵀJv of exp, given a v of zeros")
    check(of_nan, v * torch.nan, what="JᵀJv of exp, given a v of NaN")
