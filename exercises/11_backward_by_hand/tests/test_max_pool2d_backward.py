import backward_by_hand
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import check, sample, situation

from .shared import by_autograd, by_hand, turned

pytestmark = pytest.mark.task("max_pool2d_backward")


def assigned(cotangent, indices, shape):
    """Return what is left where one of the windows that share a maximum wins."""
    grad = cotangent.new_zeros(shape).flatten(-2)
    return grad.scatter_(-1, indices.flatten(-2), cotangent.flatten(-2)).reshape(shape)


def over_the_whole(cotangent, indices, shape):
    """Return what comes of indices that are taken to count over all planes together."""
    grad = cotangent.new_zeros(shape).flatten()
    return grad.index_add_(0, indices.flatten(), cotangent.flatten()).reshape(shape)


@pytest.mark.parametrize(
    ("shape", "options", "dtype", "kind"),
    [
        ((2, 3, 5, 6), {"kernel_size": 2}, torch.float64, torch.Size),
        ((2, 3, 7, 6), {"kernel_size": 3, "stride": 1, "padding": 1}, torch.float64, list),
        ((3, 7, 8), {"kernel_size": (3, 2), "stride": 2, "ceil_mode": True}, torch.float64, tuple),
        ((2, 2, 7, 8), {"kernel_size": (2, 3), "stride": 1, "dilation": 2}, torch.float32, list),
    ],
    ids=["apart", "overlapping", "no batch", "dilated"],
)
@pytest.mark.parametrize("place", [lambda t: t, turned], ids=["plain", "transposed"])
def test_max_pool2d_backward_hands_each_maximum_what_comes_in(
    shape, options, dtype, kind, place, device
):
    x = sample(shape, device=device, dtype=dtype)
    output, indices = F.max_pool2d(x, **options, return_indices=True)
    cotangent = place(sample(output.shape, device=device, dtype=dtype))
    indices = place(indices)
    (expected,) = by_autograd(lambda x: F.max_pool2d(x, **options), [x], cotangent)
    given = f"for input_shape {kind(shape)} and {options}"

    with situation(given), by_hand(cotangent, indices):
        result = backward_by_hand.max_pool2d_backward(cotangent, indices, kind(shape))

    check(
        result,
        expected,
        what=f"the gradient for x, {given}",
        mistakes={
            "one of the windows with the same maximum wins: what comes in adds up": (
                lambda: assigned(cotangent, indices, shape)
            ),
            "indices are taken over the whole tensor: they count in a plane of its own": (
                lambda: over_the_whole(cotangent, indices, shape)
            ),
            "grad_output is left out": (
                lambda: by_autograd(
                    lambda x: F.max_pool2d(x, **options), [x], torch.ones_like(cotangent)
                )[0]
            ),
        },
    )
