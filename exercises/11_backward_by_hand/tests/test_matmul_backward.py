import backward_by_hand
import pytest
import torch

from gradkata.checks import check, sample, situation

from .shared import as_tuple, by_autograd, by_hand, turned

pytestmark = pytest.mark.task("matmul_backward")

PAIRS = [
    ((4, 3), (3, 5)),
    ((1, 3), (3, 1)),
    ((2, 4, 3), (2, 3, 5)),
    ((2, 4, 3), (3, 5)),
    ((4, 3), (2, 3, 5)),
    ((2, 1, 4, 3), (6, 3, 5)),
    ((6, 1, 4, 3), (2, 3, 5)),
    ((1, 4, 3), (1, 3, 1)),
    ((3,), (3, 5)),
    ((4, 3), (3,)),
    ((3,), (2, 3, 5)),
    ((2, 4, 3), (3,)),
    ((3,), (3,)),
    ((1,), (1,)),
    ((1, 1, 2, 3), (2, 5, 3, 4)),
]


def judge(a, b, cotangent, given):
    expected = by_autograd(torch.matmul, (a, b), cotangent)
    with situation(given), by_hand(cotangent, a, b):
        result = backward_by_hand.matmul_backward(cotangent, a, b)
    check(
        as_tuple(result),
        expected,
        what=f"the gradients for a and b, {given}",
        mistakes={
            "the two gradients are swapped": expected[::-1],
            "the batch axes are folded into one by reshape: those of size 1 may stand in the "
            "middle": lambda: (
                (cotangent @ b.mT).reshape(-1, *a.shape).sum(0),
                (a.mT @ cotangent).reshape(-1, *b.shape).sum(0),
            ),
        },
    )


@pytest.mark.parametrize(("left", "right"), PAIRS, ids=str)
def test_matmul_backward_hands_each_factor_the_other(left, right, device):
    a, b = sample(left, device=device), sample(right, device=device)
    cotangent = sample((a @ b).shape, device=device)
    judge(a, b, cotangent, f"for shapes {left} and {right}")


def test_matmul_backward_takes_any_layout_in_float32(device):
    a, b, cotangent = (
        turned(sample(shape, device=device, dtype=torch.float32))
        for shape in [(2, 4, 3), (2, 3, 5), (2, 4, 5)]
    )
    judge(a, b, cotangent, "for transposed operands in float32")


def test_matmul_backward_gives_each_factor_its_own_where_both_are_one_tensor(device):
    a, cotangent = (sample((3, 3), device=device) for _ in range(2))
    judge(a, a, cotangent, "where a and b are one tensor")
