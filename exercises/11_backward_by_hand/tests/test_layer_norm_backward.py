import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import as_tuple, by_autograd, by_hand, through_statistics, turned

pytestmark = pytest.mark.task("layer_norm_backward")


def judge(x, weight, cotangent, eps, *, given, tolerance=None):
    shape, bias = weight.shape, torch.zeros_like(weight)

    def layer(x, weight, bias):
        return F.layer_norm(x, shape, weight, bias, eps)

    expected = by_autograd(layer, (x, weight, bias), cotangent)
    with situation(given), by_hand(cotangent, x, weight):
        result = backward_by_hand.layer_norm_backward(cotangent, x, weight, eps)
    n, axes = weight.numel(), tuple(range(-weight.ndim, 0))

    def mistaken(axes=axes, scale_of=lambda v: (v + eps).rsqrt(), inside=weight, end=1, **constant):
        grad_x, normal = through_statistics(cotangent, x, inside, axes, scale_of, **constant)
        return grad_x * end, (cotangent * normal).sum_to_size(shape), expected[2]

    check(
        as_tuple(result),
        expected,
        what=f"the gradients for x, weight and bias, {given}",
        rtol=tolerance,
        atol=tolerance,
        mistakes={
            "the mean is taken for a constant: it depends on x": lambda: mistaken(mean=0),
            "the variance is taken for a constant: it depends on x": lambda: mistaken(variance=0),
            "mean and variance are taken for constants: both depend on x": (
                lambda: mistaken(mean=0, variance=0)
            ),
            "the variance is divided by n - 1, as x.var() does: it is by n": (
                lambda: mistaken(scale_of=lambda v: (v * n / (n - 1) + eps).rsqrt())
            ),
            "eps is added to the root: it belongs inside": (
                lambda: mistaken(scale_of=lambda v: 1 / (v.sqrt() + eps))
            ),
            "eps is to be added to the variance": lambda: mistaken(scale_of=torch.rsqrt),
            "the weight is multiplied at the end: it belongs inside the projection": (
                lambda: mistaken(inside=1, end=weight)
            ),
            "the last axis alone is normalized: as many are as weight has": (
                lambda: mistaken(axes=(-1,))
            ),
        },
    )


@pytest.mark.parametrize(
    ("leading", "shape", "zeros"),
    [((4,), (3,), 0), ((2, 4), (3,), 1), ((), (5,), 5), ((5,), (3, 4), 0), ((), (2, 3), 1)],
    ids=str,
)
def test_layer_norm_backward_is_torchs(leading, shape, zeros, device):
    x, cotangent = (sample(leading + shape, device=device) for _ in range(2))
    weight = sample(shape, device=device)
    weight.view(-1)[:zeros] = 0
    given = f"for x of {leading + shape} and weight of {shape}"
    given += f", {zeros} of the weights 0" if zeros else ""
    judge(x, weight, cotangent, 0.1, given=given)


def test_layer_norm_backward_takes_any_layout_in_float32(device):
    x, weight, cotangent = (
        turned(sample(shape, device=device, dtype=torch.float32))
        for shape in [(2, 5, 3, 4), (3, 4), (2, 5, 3, 4)]
    )
    judge(x, weight, cotangent, 0.1, given="for transposed tensors in float32", tolerance=1e-5)


@pytest.mark.parametrize(
    ("spread", "given"),
    [
        (1, "for x around 1e6, where E[x²] - E[x]² keeps few digits"),
        (0, "for x of 1e6, where all values are equal"),
    ],
    ids=["around 1e6", "equal values"],
)
def test_layer_norm_backward_is_right_far_from_0(spread, given, device):
    x, cotangent = (sample((3, 4), device=device) for _ in range(2))
    x = 1e6 + spread * x
    weight = sample((4,), device=device)
    # torch's own mean of equal values is off by a last digit.
    judge(x, weight, cotangent, 1e-5, given=given, tolerance=1e-6)
