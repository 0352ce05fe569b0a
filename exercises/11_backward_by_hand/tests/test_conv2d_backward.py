import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import as_tuple, by_autograd, by_hand, turned

pytestmark = pytest.mark.task("conv2d_backward")

# For stride and padding their defaults are left out.
CASES = {
    "plain": ((2, 3, 5, 6), (3, 3, 3, 3), {}),
    "oblong": ((2, 3, 5, 6), (4, 3, 2, 3), {}),
    "padding 1": ((2, 3, 4, 5), (2, 3, 3, 3), {"padding": 1}),
    "padding 3": ((1, 2, 3, 4), (3, 2, 3, 2), {"padding": 3}),
    "stride 2": ((2, 3, 7, 5), (4, 3, 3, 3), {"stride": 2}),
    "stride 2, a rest": ((2, 3, 6, 8), (4, 3, 3, 3), {"stride": 2}),
    "stride 3": ((2, 2, 9, 6), (3, 2, 3, 3), {"stride": 3}),
    "stride 3, a rest": ((2, 2, 8, 7), (3, 2, 2, 3), {"stride": 3, "padding": 1}),
    "1x1": ((2, 3, 5, 6), (4, 3, 1, 1), {"stride": 2}),
    "one window": ((2, 3, 3, 4), (4, 3, 3, 4), {}),
    "one padded window": ((2, 3, 3, 4), (4, 3, 5, 6), {"stride": 2, "padding": 1}),
}


def judge(x, weight, cotangent, options, *, given, tolerance=None):
    def through(weight):
        return by_autograd(lambda x, w: F.conv2d(x, w, **options), (x, weight), cotangent)

    expected = through(weight)
    with situation(given), by_hand(cotangent, x, weight):
        result = backward_by_hand.conv2d_backward(cotangent, x, weight, **options)
    check(
        as_tuple(result),
        expected,
        what=f"the gradients for x and weight, {given}",
        rtol=tolerance,
        atol=tolerance,
        mistakes={
            "the kernel is flipped once too often or not at all": (
                lambda: (through(weight.flip(2, 3))[0], expected[1])
            ),
            "the axes of the two channels are swapped in the kernel": (
                lambda: (through(weight.transpose(0, 1))[0], expected[1])
            ),
            "the gradient for weight is a mean over the batch: the sum is due": (
                lambda: (expected[0], expected[1] / len(x))
            ),
            "the gradient for weight comes out flipped": (
                lambda: (expected[0], expected[1].flip(2, 3))
            ),
        },
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_conv2d_backward_is_torchs(case, device):
    image, kernel, options = case
    x, weight = sample(image, device=device), sample(kernel, device=device)
    cotangent = sample(F.conv2d(x, weight, **options).shape, device=device)
    judge(x, weight, cotangent, options, given=f"for x of {image}, weight of {kernel}, {options}")


def test_conv2d_backward_takes_any_layout_in_float32(device):
    x, weight, cotangent = (
        turned(sample(shape, device=device, dtype=torch.float32))
        for shape in [(2, 3, 5, 6), (4, 3, 3, 2), (2, 4, 3, 5)]
    )
    # cuDNN computes in TF32, which keeps three digits.
    with torch.backends.cudnn.flags(enabled=False):
        given = "for transposed tensors in float32"
        judge(x, weight, cotangent, {}, given=given, tolerance=1e-5)
