"""Each function is compared with torch's gradients or a closed form, and by what it leaves."""

import torch

from gradkata.checks import IdentityWithoutBackward

INF = float("inf")
NAN = float("nan")

MADE_FINITE = "NaN and infinity are made numbers: let them through"

SHAPES = [(4, 3), (4, 1), ()]

TORCHS_WORDS = "element 0 of tensors does not require grad and does not have a grad_fn"


def backward_raises(loss):
    """Tell whether torch refuses to back-propagate this loss."""
    try:
        loss.backward()
    except RuntimeError:
        return True
    return False


def ending_in_nan(t):
    """Return t, of which the last three elements are a large number, infinity and NaN now."""
    t.detach().view(-1)[-3:] = t.new_tensor([1e6, INF, NAN])
    return t


# Changes nothing, and its backward raises what torch says, too.
refusing = IdentityWithoutBackward.apply


def gradient_of(f, x):
    """Return the gradient of f at x, from a leaf of its own."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]
