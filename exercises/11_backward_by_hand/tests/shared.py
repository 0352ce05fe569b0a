"""Each backward is compared with torch's own, in any layout, and what it runs is watched."""

import contextlib
import sys

import pytest
import torch

from gradkata.checks import (
    Wrong,
    count_operations,
    edits_of,
    forbid,
    stale_memory,
    tensors_in,
    unchanged,
)

AUTOGRAD = (
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.autograd.functional",
    "torch.autograd.forward_ad",
    "_make_dual",
    "torch.Tensor.backward",
    "torch.Tensor.grad_fn",
    "torch.nn.grad",
    "torch.func.grad",
    "torch.func.grad_and_value",
    "torch.func.vjp",
    "torch.func.jvp",
    "torch.func.jacrev",
    "torch.func.jacfwd",
    "torch.func.hessian",
    "torch.func.linearize",
)
# Formulas of torch's own, written in Python, which run no operation of that name.
DECOMPOSITIONS = ("torch._decomp.decompositions", "torch._decomp.decompositions_for_jvp")

any_dtype = pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=["64", "32"])


def turned(t):
    """Return a tensor of the same values whose axes lie in memory in the opposite order."""
    axes = tuple(range(t.ndim))[::-1]
    return t.permute(axes).contiguous().permute(axes)


class Watched(count_operations):
    """Stops an operation that is a backward by name, or makes too large a tensor."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        if "backward" in name:
            raise Wrong(f"torch's own {name} runs: write the formula of the gradient")
        result = super().__torch_dispatch__(func, types, args, kwargs)
        for made in tensors_in(result):
            # A sparse tensor has no storage of its own.
            if self.most is None or made.layout is not torch.strided:
                continue
            elements = made.untyped_storage().nbytes() // made.element_size()
            if elements > self.most:
                raise Wrong(
                    f"{name} makes a tensor of {elements} elements: at most {self.most} are due"
                )
        return result


def decompositions():
    """Return the names of the backwards that torch writes in Python, as far as they are loaded."""
    return [
        f"{module}.{name}"
        for module in DECOMPOSITIONS
        for name in dir(sys.modules.get(module))
        if "backward" in name
    ]


def as_tuple(result):
    """Return several gradients; a list of them is refused."""
    if isinstance(result, list):
        raise Wrong("it returns a list: a tuple of the gradients is due")
    return result


@contextlib.contextmanager
def by_hand(*given, most=None):
    """Call as the engine does, without autograd's help; what is given must be left as it is.

    No tensor made inside may have more than `most` elements, and fresh memory holds NaN.
    """
    names = *AUTOGRAD, *decompositions()
    guard = forbid(*names, reason="write the formula of the gradient")
    edits = [edits_of(t) for t in given]
    with torch.no_grad(), unchanged(*given), guard, stale_memory(), Watched(most):
        yield
    if edits != [edits_of(t) for t in given]:
        raise Wrong("an input is written to, and put back: write to a copy, and leave it alone")


def by_autograd(layer, inputs, cotangent):
    """Return torch's own gradient for each input."""
    leaves = [x.detach().requires_grad_() for x in inputs]
    return torch.autograd.grad(layer(*leaves), leaves, cotangent)


def through_statistics(cotangent, x, weight, axes, scale_of, *, mean=1, variance=1):
    """Return the gradient for x of a norm over these axes, and the normalized x.

    `scale_of` makes of the variance what x − mean is multiplied by. `mean` and `variance` are 0
    where they are taken for constants.
    """
    centred = x - x.mean(axes, keepdim=True)
    scale = scale_of(centred.square().mean(axes, keepdim=True))
    normal = centred * scale
    g = cotangent * weight
    along = normal * (g * normal).mean(axes, keepdim=True)
    return scale * (g - mean * g.mean(axes, keepdim=True) - variance * along), normal
