import custom_function
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import (
    backward_of,
    check,
    check_backward,
    check_edits_are_noticed,
    check_gradients,
    count_operations,
    sample,
    situation,
    unchanged,
)

from .shared import check_no_tensor_on_ctx, check_three_orders

pytestmark = pytest.mark.task("Linear")


# A matrix product may also be made by `mul` and a sum.
PRODUCTS = ("mm", "addmm", "bmm", "baddbmm", "addbmm", "mv", "addmv", "dot", "mul")


any_rows = pytest.mark.parametrize("rows", [(), (5,), (2, 4)], ids=["1-d", "2-d", "3-d"])


with_or_without_bias = pytest.mark.parametrize("biased", [True, False], ids=["bias", "no bias"])


def affine(rows, device, *, biased=True, dtype=torch.float64):
    """Return x, weight and bias for a layer from 3 to 2 features."""
    x, weight = (sample(s, device=device, dtype=dtype) for s in ((*rows, 3), (2, 3)))
    return x, weight, sample((2,), device=device, dtype=dtype) if biased else None


@any_rows
@with_or_without_bias
def test_linear_is_torchs(rows, biased, device):
    x, weight, bias = affine(rows, device, biased=biased)

    with unchanged(x, weight):
        y = custom_function.Linear.apply(x, weight, bias)

    check(y, F.linear(x, weight, bias), what="forward")


@any_rows
@with_or_without_bias
def test_linear_gives_torchs_gradients(rows, biased, device):
    inputs = affine(rows, device, biased=biased)
    cotangent = sample((*rows, 2), device=device)

    check_backward(custom_function.Linear, F.linear, inputs, cotangent)


def test_linear_takes_an_x_and_an_incoming_gradient_that_are_not_contiguous(device):
    _, weight, bias = affine((), device)
    x, cotangent = (sample((2, n, 4), device=device).transpose(1, 2) for n in (3, 2))

    with situation("with an x and an incoming gradient that are not contiguous"):
        check_backward(custom_function.Linear, F.linear, (x, weight, bias), cotangent)


@pytest.mark.parametrize("frozen", [0, 1, 2], ids=["x", "weight", "bias"])
def test_linear_gives_none_for_what_is_frozen(frozen, device):
    inputs = [t.requires_grad_(i != frozen) for i, t in enumerate(affine((5,), device))]

    cotangent = sample((5, 2), device=device)
    asked = [t for t in inputs if t.requires_grad]

    gradients = backward_of(custom_function.Linear, inputs, cotangent)

    name = ("x", "weight", "bias")[frozen]
    assert gradients[frozen] is None, (
        f"backward: {name} is frozen, and yet a gradient for {name} is returned: "
        "ask ctx.needs_input_grad, and return None"
    )
    check(
        [g for i, g in enumerate(gradients) if i != frozen],
        list(torch.autograd.grad(F.linear(*inputs), asked, cotangent)),
        what=f"backward, the other gradients where {name} is frozen",
    )


@pytest.mark.parametrize("frozen", [0, 1], ids=["x", "weight"])
def test_linear_computes_one_matrix_product_when_x_or_weight_is_frozen(frozen, device):
    x, weight, no_bias = affine((5,), device, biased=False)
    (weight, x)[frozen].requires_grad_()
    inputs, cotangent = [x, weight, no_bias], sample((5, 2), device=device)

    with count_operations() as count:
        custom_function.Linear.apply(*inputs)
        forward = dict(count)
        backward_of(custom_function.Linear, inputs, cotangent)

    # The second forward is part of backward_of.
    products = sum(count[n] - 2 * forward.get(n, 0) for n in PRODUCTS)
    assert products <= 1, (
        f"backward: {('x', 'weight')[frozen]} is frozen, and {products} matrix products are "
        "computed: skip the one whose result nobody asks for"
    )


def test_linear_keeps_float32(device):
    inputs = affine((5,), device, dtype=torch.float32)
    cotangent = sample((5, 2), device=device, dtype=torch.float32)

    check_backward(custom_function.Linear, F.linear, inputs, cotangent)


@pytest.mark.parametrize("rows", [(), (2,), (2, 1)], ids=["one row", "two rows", "batches of rows"])
def test_linear_has_gradients_of_gradients(rows, device):
    x, weight, bias = affine(rows, device)

    check_gradients(custom_function.Linear.apply, (x, weight, bias))
    check_three_orders(
        lambda x: custom_function.Linear.apply(x, weight + x.mean(), bias * x.sum()),
        lambda x: F.linear(x, weight + x.mean(), bias * x.sum()),
        x,
    )


def test_linear_notices_when_x_or_weight_is_changed_before_backward(device):
    check_edits_are_noticed(custom_function.Linear.apply, affine((5,), device))
    check_no_tensor_on_ctx(custom_function.Linear, affine((5,), device))
