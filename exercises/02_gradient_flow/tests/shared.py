"""Each function is compared with torch's gradients or a closed form, and by what it leaves."""

import pytest
import torch

from gradkata.checks import sample

SHAPES = [(4, 3), (4, 1), ()]


any_layout = pytest.mark.parametrize(
    "layout",
    [{"shape": (4, 3)}, {"shape": (4, 1)}, {"shape": ()}, {"shape": (4, 3), "strided": True}],
    ids=["matrix", "column", "0-d", "strided"],
)


either_dtype = pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)


def a_leaf(shape, device, *, grad=True, **options):
    """Return a leaf that requires grad, with a random `.grad` if asked."""
    p = sample(shape, device=device, requires_grad=True, **options)
    p.grad = sample(shape, device=device, dtype=p.dtype) if grad else None
    return p


def one_by_one(items):
    """Give the items as a generator, which can be gone through once."""
    yield from items


def grads(params):
    return [p.grad for p in params]


def copies(tensors):
    return [t.detach().clone() for t in tensors]


def backward_raises(loss):
    """Tell whether torch refuses to back-propagate this loss."""
    try:
        loss.backward()
    except RuntimeError:
        return True
    return False


def weighted(y, seed=1.0):
    """Return a 0-d function of y whose gradient is nowhere constant."""
    weights = torch.linspace(seed, 2 * seed, y.numel(), dtype=y.dtype, device=y.device)
    return (y.sin().flatten() * weights).sum()


def gradient_of(f, x):
    """Return the gradient of f at x, from a leaf of its own."""
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]
