import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import as_tuple, by_autograd, by_hand, through_statistics, turned

pytestmark = pytest.mark.task("batch_norm_backward")


def judge(x, weight, cotangent, eps, *, given, tolerance=None):
    def layer(x, weight, bias):
        return F.batch_norm(x, None, None, weight, bias, training=True, eps=eps)

    expected = by_autograd(layer, (x, weight, torch.zeros_like(weight)), cotangent)
    with situation(given), by_hand(cotangent, x, weight):
        result = backward_by_hand.batch_norm_backward(cotangent, x, weight, eps)
    every = [axis for axis in range(x.ndim) if axis != 1]
    n, of_channel = x.numel() // len(weight), weight.reshape(-1, *[1] * (x.ndim - 2))

    def mistaken(axes=every, scale_of=lambda v: (v + eps).rsqrt(), inside=of_channel, **factors):
        grad_x, normal = through_statistics(cotangent, x, inside, axes, scale_of, **factors)
        return grad_x, (cotangent * normal).sum(every), expected[2]

    check(
        as_tuple(result),
        expected,
        what=f"the gradients for x, weight and bias, {given}",
        rtol=tolerance,
        atol=tolerance,
        mistakes={
            "the statistics are taken for constants, as in eval mode: they depend on x": (
                lambda: mistaken(mean=0, variance=0)
            ),
            "the mean is taken for a constant: it depends on x": lambda: mistaken(mean=0),
            "the variance is taken for a constant: it depends on x": lambda: mistaken(variance=0),
            "the variance is divided by n - 1, as x.var() does: it is by n": (
                lambda: mistaken(scale_of=lambda v: (v * n / (n - 1) + eps).rsqrt())
            ),
            "eps is added to the root: it belongs inside": (
                lambda: mistaken(scale_of=lambda v: 1 / (v.sqrt() + eps))
            ),
            "eps is to be added to the variance": lambda: mistaken(scale_of=torch.rsqrt),
            "the statistics are over the batch axis alone: they are over all but axis 1": (
                lambda: mistaken(axes=[0])
            ),
            "the statistics are over all axes but the first, as in layer norm": (
                lambda: mistaken(axes=list(range(1, x.ndim)))
            ),
            "the weight broadcasts along the last axis: its axis is axis 1": (
                lambda: mistaken(inside=weight)
            ),
            "sums over a channel are divided by N: by N·H·W, the number of its values, is due": (
                lambda: mistaken(mean=n / len(x), variance=n / len(x))
            ),
        },
    )


@pytest.mark.parametrize(
    ("shape", "zeros"),
    [((5, 2), 0), ((4, 3, 3), 0), ((3, 2, 4, 5), 0), ((1, 3, 2, 2), 2), ((2, 1, 3), 1)],
    ids=str,
)
def test_batch_norm_backward_is_torchs(shape, zeros, device):
    x, cotangent = (sample(shape, device=device) for _ in range(2))
    weight = sample(shape[1:2], device=device)
    weight[:zeros] = 0
    given = f"for x of shape {shape}" + (f" and {zeros} of the weights 0" if zeros else "")
    judge(x, weight, cotangent, 0.1, given=given)


def test_batch_norm_backward_takes_any_layout_in_float32(device):
    x, cotangent = (
        turned(sample((4, 3, 2, 3), device=device, dtype=torch.float32)) for _ in range(2)
    )
    weight = sample((3,), device=device, dtype=torch.float32, strided=True)
    judge(x, weight, cotangent, 0.1, given="for transposed tensors in float32", tolerance=1e-5)


def test_batch_norm_backward_is_right_far_from_0(device):
    x, cotangent = (sample((4, 3, 2), device=device) for _ in range(2))
    x += 1e6
    given = "for x around 1e6, where E[x²] - E[x]² keeps few digits"
    judge(x, sample((3,), device=device), cotangent, 1e-5, given=given, tolerance=1e-7)
