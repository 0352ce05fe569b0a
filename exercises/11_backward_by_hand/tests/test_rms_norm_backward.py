import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import as_tuple, by_autograd, by_hand, turned

pytestmark = pytest.mark.task("rms_norm_backward")


def judge(x, weight, eps, *, given):
    cotangent = turned(sample(x.shape, device=x.device, dtype=x.dtype))
    size = x.shape[-1:]

    def layer(x, weight=None):
        return F.rms_norm(x, size, weight, eps)

    inputs = (x,) if weight is None else (x, weight)
    expected = by_autograd(layer, inputs, cotangent)
    if weight is None:
        expected = (*expected, None)
    with situation(given), by_hand(cotangent, *inputs):
        result = backward_by_hand.rms_norm_backward(cotangent, x, weight, eps)

    scale = (x.square().mean(-1, keepdim=True) + eps).rsqrt()
    y, g = x * scale, cotangent if weight is None else cotangent * weight
    unit = F.normalize(x, dim=-1)

    def by_formula(eps):
        scale = (x.square().mean(-1, keepdim=True) + eps).rsqrt()
        y = x * scale
        grad_x = scale * (g - y * (g * y).mean(-1, keepdim=True))
        return grad_x, None if weight is None else (cotangent * y).sum_to_size(size)

    def other(along, grad=expected[1]):
        return scale * (g - along), grad

    check(
        as_tuple(result),
        expected,
        what=f"the gradients for x and weight, {given}",
        rtol=1e-5 if x.dtype == torch.float32 else None,
        atol=1e-5 if x.dtype == torch.float32 else None,
        mistakes={
            "the root mean square is taken for a constant: it depends on x": other(0 * y),
            "a sum is taken where a mean is due": other(y * (g * y).sum(-1, keepdim=True)),
            "eps is to be added to the mean of the squares": lambda: by_formula(0),
            "x/‖x‖ is taken for the normalized x": other(unit * (g * unit).sum(-1, keepdim=True)),
            "the weight is multiplied at the end: it belongs inside the projection": lambda: (
                weight * by_autograd(layer, [x], cotangent)[0],
                expected[1],
            ),
            "the gradient for weight is made from x: normalize x first": lambda: (
                expected[0],
                (cotangent * x).sum_to_size(size),
            ),
        },
    )


@pytest.mark.parametrize(
    ("shape", "zeros"), [((4, 3), 0), ((2, 4, 3), 1), ((5,), 5)], ids=["2-d", "3-d", "1-d"]
)
def test_rms_norm_backward_is_torchs(shape, zeros, device):
    x, weight = sample(shape, device=device), sample(shape[-1:], device=device)
    weight[:zeros] = 0
    given = f"for x of shape {shape}" + (f" and {zeros} of the weights 0" if zeros else "")
    judge(x, weight, 0.1, given=given)


def test_rms_norm_backward_does_without_weight_in_float32(device):
    x = turned(sample((4, 3), device=device, dtype=torch.float32))
    judge(x, None, 0.1, given="without weight, in float32")


@pytest.mark.parametrize("size", [0.0, 1e-3, 1e3])
def test_rms_norm_backward_is_right_for_x_of_any_size(size, device):
    x, weight = size * sample((4, 3), device=device), sample((3,), device=device)
    judge(x, weight, 1e-5, given=f"for x of about {size}")
