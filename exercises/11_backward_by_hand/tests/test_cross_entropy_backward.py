import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import by_autograd, by_hand, turned

pytestmark = pytest.mark.task("cross_entropy_backward")


def judge(logits, target, *, given, tolerance=None, **options):
    grad_output = sample((), device=logits.device, dtype=logits.dtype, low=2.0, high=3.0)

    def torchs(x=logits, g=grad_output, **other):
        everything = {**options, **other}
        (grad,) = by_autograd(lambda x: F.cross_entropy(x, target, **everything), [x], g)
        return grad

    expected = torchs()
    classes = logits.shape[1]
    kept = target != options.get("ignore_index", -100)
    smoothing = options.get("label_smoothing", 0.0)
    spread = 1 / classes if classes == 1 else smoothing / (classes - 1)
    safe = torch.where(kept, target, 0)[:, None]
    others = torch.full_like(logits, spread).scatter(1, safe, 1 - smoothing)
    with situation(given), by_hand(grad_output, logits, target):
        result = backward_by_hand.cross_entropy_backward(grad_output, logits, target, **options)
    check(
        result,
        expected,
        what=f"the gradient for the logits, {given}",
        rtol=tolerance,
        atol=tolerance,
        mistakes={
            "it is divided by N, the ignored rows too": expected * kept.sum() / len(target),
            "the gradient is that of the sum: the mean is due": expected * kept.sum(),
            "grad_output is left out": expected / grad_output,
            "the ignored rows get a gradient too": (
                lambda: torchs(ignore_index=-100) * len(target) / kept.sum()
            ),
            "large logits are clamped, and those of a row become one: subtract the row's maximum": (
                lambda: torchs(logits.clamp(-80, 80))
            ),
            "the smoothing is spread over the other C - 1 classes: it is over all C": (
                lambda: grad_output * kept[:, None] * (logits.softmax(1) - others) / kept.sum()
            ),
        },
    )


@pytest.mark.parametrize("smoothing", [0.0, 0.2, 1.0])
def test_cross_entropy_backward_is_softmax_less_what_is_wanted(smoothing, device):
    target = torch.tensor([0, 3, 1, 3, 2], device=device)
    judge(
        sample((5, 4), device=device),
        target,
        label_smoothing=smoothing,
        given=f"label_smoothing={smoothing}",
    )


@pytest.mark.parametrize(
    ("smoothing", "ignore", "classes"),
    [(0.0, 2, 4), (0.3, 0, 4), (0.3, -100, 4), (0.3, 255, 4), (0.0, -100, 1)],
)
def test_cross_entropy_backward_leaves_out_what_is_ignored(smoothing, ignore, classes, device):
    # A class out of range would end CUDA for the whole process.
    where = device if ignore in range(4) else "cpu"
    target = torch.tensor([ignore, 1 % classes, 3 % classes, ignore, 1 % classes], device=where)
    judge(
        turned(sample((5, classes), device=where)),
        target,
        label_smoothing=smoothing,
        ignore_index=ignore,
        given=f"{classes=}, ignore_index={ignore}, label_smoothing={smoothing}",
    )


def test_cross_entropy_backward_is_exact_for_huge_logits_in_float32(device):
    logits = sample((3, 4), device=device, dtype=torch.float32)
    # Two large ones in a row, which differ by 1; a small one; and a row of small ones alone.
    logits[0, 1], logits[0, 3], logits[1, 2] = 1e4, 1e4 - 1, -1e4
    logits[2] -= 1e4
    judge(
        logits,
        torch.tensor([1, 2, 0], device=device),
        label_smoothing=0.1,
        given="logits of ±1e4 in float32, label_smoothing=0.1",
        # At 1e4, float32 has steps of 1e-3, and so has the logarithm of a sum there.
        tolerance=3e-3,
    )
