import first_gradients
import pytest
import torch

from gradkata.checks import check, sample, situation, unchanged

from .shared import MADE_FINITE

pytestmark = pytest.mark.task("det2_gradient")


by_hand = pytest.mark.forbid(
    *("det", "logdet", "slogdet", "inverse", "pinverse"),
    *("torch.linalg", "torch.autograd.grad", "torch.autograd.backward"),
    "torch.autograd.functional",
    *("torch.func", "torch.Tensor.backward"),
    reason="work out the four partial derivatives by hand",
)


def determinant_gradient(a):
    leaf = a.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(leaf[0, 0] * leaf[1, 1] - leaf[0, 1] * leaf[1, 0], leaf)
    return gradient


def adjugate(a):
    (p, q), (r, s) = a
    return torch.stack([s, -q, -r, p]).reshape(2, 2)


@by_hand
@pytest.mark.parametrize("strided", [False, True], ids=["contiguous", "strided"])
def test_det2_gradient_is_that_of_the_determinant(strided, device):
    a = sample((2, 2), device=device, strided=strided)

    with unchanged(a):
        result = first_gradients.det2_gradient(a)

    check(
        result,
        determinant_gradient(a),
        what="the gradient of det(a)",
        mistakes={
            "the adjugate is returned: the gradient is its transpose": lambda: adjugate(a),
            "the minus signs are left out: det(a) holds -a[0, 1]·a[1, 0]": lambda: a.flip(0, 1),
        },
    )


@by_hand
@pytest.mark.parametrize("rows", [[[1, 3], [2, 6]], [[0, 5], [0, 0]], [[0, 0], [0, 0]]], ids=str)
def test_det2_gradient_exists_for_a_singular_matrix(rows, device):
    a = torch.tensor(rows, dtype=torch.float64, device=device)

    with situation(f"given the singular matrix {rows}"):
        result = first_gradients.det2_gradient(a)

    check(
        result,
        determinant_gradient(a),
        what=f"the gradient at the singular matrix {rows}",
        mistakes={
            "det(a) · a⁻ᵀ is computed: a singular matrix has no inverse, and 0 · inf and 0 / 0 are "
            "NaN": lambda: torch.full_like(a, torch.nan),
            "the adjugate is returned: the gradient is its transpose": lambda: adjugate(a),
        },
    )


@by_hand
def test_det2_gradient_keeps_float32(device):
    a = sample((2, 2), device=device, dtype=torch.float32)

    check(
        first_gradients.det2_gradient(a),
        determinant_gradient(a),
        what="the gradient of a float32 a",
    )


@by_hand
def test_det2_gradient_is_a_plain_number_table_even_if_a_records(device):
    rows = [[-2.0, torch.inf], [torch.nan, 1e6]]
    a = torch.tensor(rows, dtype=torch.float64, device=device, requires_grad=True)
    expected = determinant_gradient(a)

    with unchanged(a):
        result = first_gradients.det2_gradient(a)

    check(
        result,
        expected,
        what="the gradient, where a records and holds NaN and infinity",
        mistakes={MADE_FINITE: lambda: expected.nan_to_num()},
    )
