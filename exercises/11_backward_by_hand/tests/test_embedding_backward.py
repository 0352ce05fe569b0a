import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import any_dtype, by_autograd, by_hand, turned

pytestmark = pytest.mark.task("embedding_backward")


def assigned(expected, indices, cotangent, padding_idx=None):
    """Return what is left where the last of the repeats wins."""
    grad = torch.zeros_like(expected)
    rows = cotangent.reshape(-1, cotangent.shape[-1])
    for i, row in zip(indices.flatten().tolist(), rows, strict=True):
        if i != padding_idx:
            grad[i] = row
    return grad


def judge(indices, number, cotangent, padding_idx=None, *, given, most=None):
    weight = cotangent.new_zeros(number, cotangent.shape[-1])

    def layer(weight):
        return F.embedding(indices, weight, padding_idx=padding_idx)

    (expected,) = by_autograd(layer, [weight], cotangent)
    (unpadded,) = by_autograd(lambda w: F.embedding(indices, w), [weight], cotangent)
    padding = {} if padding_idx is None else {"padding_idx": padding_idx}
    with situation(given), by_hand(cotangent, indices, most=most):
        result = backward_by_hand.embedding_backward(cotangent, indices, number, **padding)
    times = torch.bincount(indices.flatten(), minlength=number).clamp(min=1)[:, None]
    check(
        result,
        expected,
        what=f"the gradient for the weight, {given}",
        mistakes={
            "of repeated indices the last wins: what comes in for them adds up": (
                lambda: assigned(expected, indices, cotangent, padding_idx)
            ),
            "repeated indices are averaged: what comes in for them adds up": expected / times,
            "padding_idx is ignored: its row gets 0, also where it is 0": unpadded,
        },
    )


@any_dtype
def test_embedding_backward_adds_up_what_comes_in_for_each_row(dtype, device):
    indices = torch.tensor([[4, 0, 4], [1, 4, 0]], device=device)
    judge(indices, 6, sample((2, 3, 2), device=device, dtype=dtype), given="some indices repeated")


@pytest.mark.parametrize("padding_idx", [3, 0])
def test_embedding_backward_gives_padding_nothing(padding_idx, device):
    indices = torch.tensor([3, 0, 1, 3, 0], device=device)
    judge(
        indices, 4, sample((5, 3), device=device), padding_idx, given=f"padding_idx={padding_idx}"
    )


def test_embedding_backward_takes_any_layout(device):
    indices = torch.tensor([[1, 0, 1], [2, 1, 4]], device=device)
    judge(indices.T, 5, turned(sample((3, 2, 4), device=device)), given="both transposed")


def test_embedding_backward_takes_a_single_index(device):
    judge(torch.tensor(2, device=device), 4, sample((3,), device=device), given="a 0-d index")


def test_embedding_backward_makes_nothing_larger_than_it_must(device):
    indices = torch.arange(40, device=device) * 7 % 31
    judge(indices, 50, sample((40, 2), device=device), given="40 indices, 50 rows", most=100)
