"""Each function is compared with torch's own, or with its formula, and by what it leaves alone."""

import gradient_clipping
import torch

from gradkata.checks import check, grads, sample

INF = float("inf")
NAN = float("nan")

MADE_FINITE = "NaN and infinity are made numbers: let them through"


# torch's own clipping divides by norm + 1e-6; without that it is as good.
CLOSE = {"rtol": 1e-5}


# The same for norms near 5e-4, of which torch's 1e-6 is a part of some thousandths.
CLOSE_BELOW = {"rtol": 1e-2, "atol": 0.0}


# The same after sums, in which large terms may cancel.
CLOSE_SUMS = {"rtol": 1e-5, "atol": 1e-6}


TORCHS_CLIPPING = (
    "torch.nn.utils.clip_grad_norm_",
    "torch.nn.utils.get_total_norm",
    "torch.nn.utils.clip_grads_with_norm_",
)


def own(name):
    """Return the learner's function of that name, which must not be torch's itself."""
    function = getattr(gradient_clipping, name)
    home = getattr(function, "__module__", None)
    assert home == gradient_clipping.__name__, (
        f"{name} is not written in gradient_clipping.py but comes from {home}; this task asks "
        f"to do without torch's own: write the body of {name}"
    )
    return function


def leaf(values, grad, device):
    p = torch.tensor(values, dtype=torch.float64, device=device, requires_grad=True)
    p.grad = torch.tensor(grad, dtype=torch.float64, device=device)
    return p


def parameters(device, *shapes, dtype=torch.float64):
    """Return leaves with random gradients, the last of which is strided.

    No element is so small that torch's 1e-6 would be seen, and the largest is below 0.
    """
    shapes = shapes or ((4, 3), (4, 1), (), (2, 3))
    params = [sample(shape, device=device, dtype=dtype, requires_grad=True) for shape in shapes]
    for p in params:
        strided = p is params[-1]
        p.grad = sample(p.shape, device=device, dtype=dtype, gap=0.2, strided=strided)
    last = params[-1].grad
    last[(0,) * last.ndim] = -2.5
    return params


def tiny(params):
    """Make the gradients so small that together their norm is less than torch's 1e-6."""
    for p in params:
        p.grad *= 1e-7
    return params


def copies(tensors):
    return [None if t is None else t.detach().clone() for t in tensors]


def times(factor, tensors):
    return [factor * t.detach() for t in tensors]


def norms_of(tensors, norm_type=2.0):
    return torch.stack([torch.linalg.vector_norm(t.detach(), norm_type) for t in tensors])


def norm_of(tensors, norm_type=2.0):
    return torch.linalg.vector_norm(norms_of(tensors, norm_type), norm_type)


def clipped(tensors, max_norm, norm_type=2.0):
    """Return the tensors, scaled together so that their norm is at most max_norm."""
    return times((max_norm / norm_of(tensors, norm_type)).clamp(max=1), tensors)


def clipped_each(tensors, max_norm, norm_type=2.0):
    """Return the tensors, each scaled by itself so that its own norm is at most max_norm."""
    return [clipped([t], max_norm, norm_type)[0] for t in tensors]


def with_gradients_of(params):
    """Return copies of parameters, with copies of their gradients."""
    twins = copies(params)
    for twin, grad in zip(twins, copies(grads(params)), strict=True):
        twin.grad = grad
    return twins


def torch_clips(params, max_norm, norm_type=2.0):
    """Return what torch's clip_grad_norm_ makes of copies of the gradients."""
    twins = with_gradients_of(params)
    torch.nn.utils.clip_grad_norm_(twins, max_norm, norm_type)
    return grads(twins)


def check_in_place(params, tensors, views, due):
    """Demand that the gradients are the tensors they were, with the new values in their memory."""
    before = copies(views)
    kept = [p.grad is tensor for p, tensor in zip(params, tensors, strict=True)]
    assert all(kept), (
        ".grad is another tensor after the call than before: change the one that is there in place"
    )
    check(
        views,
        due,
        what="the memory that the gradients were in before the call",
        mistakes={"the new values go to new memory: write them in place": before},
        **CLOSE,
    )


def check_parameters_are_left(params, values):
    assert all(p.requires_grad and p.is_leaf for p in params), (
        "a parameter does not require grad any more after the call: only .grad is to change"
    )
    check(copies(params), values, what="the parameters, of which only .grad is to change")
