import debugging
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, check_gradients, either_dtype, sample, situation, unchanged

from .shared import a_leaf

pytestmark = pytest.mark.task("gated_residual")


def gated(x, w):
    """Return the oracle, with the sigmoid and the product written out."""
    return x * (1 + 1 / (1 + torch.exp(-F.linear(x, w.T))))


any_rows = pytest.mark.parametrize("rows", [(), (4,), (2, 4)], ids=["1-d", "2-d", "3-d"])


@any_rows
@either_dtype
def test_the_gated_residual_has_the_right_value(dtype, rows, device):
    x, w = (sample(s, device=device, dtype=dtype) for s in ((*rows, 3), (3, 3)))

    with unchanged(x, w):
        y = debugging.gated_residual(x, w)

    gate = torch.sigmoid(x @ w)
    check(
        y,
        gated(x, w),
        what="x + x * sigmoid(x @ w)",
        mistakes={
            "x is left out of the sum": lambda: x * gate,
            "the gate is not multiplied by x": lambda: x + gate,
            "w is transposed": lambda: gated(x, w.T),
        },
    )


@any_rows
def test_the_gated_residual_has_gradients_along_all_paths(rows, device):
    x, w = a_leaf((*rows, 3), device), a_leaf((3, 3), device)
    cotangent = sample((*rows, 3), device=device)
    gate = torch.sigmoid(x @ w)

    with unchanged(x, w):
        y = debugging.gated_residual(x, w)
    assert y.requires_grad, (
        "the result has no graph, though x and w require grad: "
        "compute it without detach and no_grad"
    )
    with situation("in backward"):
        gradients = torch.autograd.grad(y, (x, w), cotangent, materialize_grads=True)

    due = torch.autograd.grad(gated(x, w), (x, w), cotangent)
    none = torch.zeros_like(w)
    spoiled = (cotangent * y * (1 - y)).detach()
    check(
        gradients,
        due,
        what="the gradients for x and w",
        mistakes={
            "the gate is cut off with detach(): no gradient flows through sigmoid": lambda: (
                (cotangent * (1 + gate)).detach(),
                none,
            ),
            "x is cut off in the product": lambda: torch.autograd.grad(
                x + x.detach() * gate, (x, w), cotangent, retain_graph=True
            ),
            "the x that is added is cut off": lambda: torch.autograd.grad(
                x * gate, (x, w), cotangent, retain_graph=True
            ),
            "the gate is edited through .data: sigmoid's backward then uses the edited one": (
                lambda: torch.autograd.grad(x @ w, (x, w), spoiled)
            ),
        },
    )


def test_the_gated_residual_has_a_gradient_for_one_where_the_other_is_frozen(device):
    for name in ("x", "w"):
        x = sample((4, 3), device=device, requires_grad=name == "x")
        w = sample((3, 3), device=device, requires_grad=name == "w")
        leaf, cotangent = x if name == "x" else w, sample((4, 3), device=device)
        (due,) = torch.autograd.grad(gated(x, w), leaf, cotangent)

        y = debugging.gated_residual(x, w)
        with situation(f"where {name} alone requires grad"):
            (found,) = torch.autograd.grad(y, leaf, cotangent)

        check(found, due, what=f"the gradient for {name}, which alone requires grad")


def test_the_gated_residual_takes_inputs_that_are_not_contiguous(device):
    x, w = sample((4, 2, 3), device=device).transpose(0, 1), sample((3, 3), device=device).T

    with unchanged(x, w), situation("on inputs that are not contiguous"):
        y = debugging.gated_residual(x, w)

    check(y, gated(x, w), what="of inputs that are not contiguous")


def test_the_gated_residual_has_finite_gradients_where_exp_overflows(device):
    x = torch.tensor([[-1000.0], [1000.0]], dtype=torch.float64, device=device, requires_grad=True)
    w = torch.ones(1, 1, dtype=torch.float64, device=device, requires_grad=True)
    cotangent = sample((2, 1), device=device)

    y = debugging.gated_residual(x, w)

    # The gate is 0 for -1000, 1 for 1000, and flat at both.
    check(
        torch.autograd.grad(y, (x, w), cotangent),
        (cotangent * torch.tensor([[1.0], [2.0]], device=device), torch.zeros_like(w)),
        what="the gradients for x = ±1000 and w = 1",
        mistakes={
            "the sigmoid is written out by exp, and exp(1000) is infinite: ask torch.sigmoid": (
                lambda: torch.autograd.grad(gated(x, w), (x, w), cotangent)
            )
        },
    )


def test_the_gated_residual_has_the_gradient_that_finite_differences_measure(device):
    x, w = sample((2, 3), device=device), sample((3, 3), device=device)

    check_gradients(debugging.gated_residual, (x, w), twice=False)
