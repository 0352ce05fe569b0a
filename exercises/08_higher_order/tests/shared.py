"""Derivatives of derivatives are compared with formulas, of which torch differentiates at most one.

Where a formula holds a slope that was worked out by hand, one ordinary gradient is enough.
"""

import gc
import math
import weakref

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import Function

from gradkata.checks import ErrorOfF, IdentityWithoutBackward, Wrong, raises

# The slope of Σax is a: without a graph if a is constant, with one that lacks x if not.
constants_or_parameters = pytest.mark.parametrize(
    "tracked", [False, True], ids=["constant", "parameter"]
)


KINDS = {False: "a being a constant", True: "a being a parameter"}


def scalar(value, device):
    """Return a 0-d float64 leaf that records: a parameter of the function in the test."""
    return torch.tensor(value, dtype=torch.float64, device=device, requires_grad=True)


def with_gradient(tensor):
    """Let the tensor require grad, and hold a gradient that nobody may touch."""
    tensor.requires_grad_().grad = torch.full_like(tensor, 7)
    return tensor


def model_of(value, device):
    """Return a module of one parameter w, which holds a gradient that nobody may touch."""
    model = nn.ParameterDict({"w": nn.Parameter(scalar(value, device))})
    with_gradient(model["w"])
    return model


any_size = pytest.mark.parametrize("size", [1e6, math.inf, math.nan], ids=str)


def made_finite(due):
    """Return what a caller gets who makes numbers of NaN and infinity."""
    return {"NaN becomes a number, or infinity does: let them through": due.nan_to_num()}


class SquareWithABrokenBend(Function):
    """x², whose slope is right, and the slope's own way back raises a RuntimeError."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 2 * grad_output * IdentityWithoutBackward.apply(x)

    @staticmethod
    def jvp(ctx, x_tangent):
        (x,) = ctx.saved_tensors
        return 2 * x_tangent * IdentityWithoutBackward.apply(x)


def broken_bend(x):
    return SquareWithABrokenBend.apply(x)


def fails(x):
    """Stand for a function that raises as soon as it is called."""
    raise ErrorOfF


def interrupted(x):
    """Stand for a function that Ctrl-C ends."""
    raise KeyboardInterrupt


# A function that fails, the error that is due, and what becomes of the point before.
any_error = pytest.mark.parametrize(
    ("broken", "error", "prepared"),
    [
        pytest.param(broken_bend, RuntimeError, with_gradient, id="second derivative"),
        pytest.param(fails, ErrorOfF, torch.clone, id="f"),
        pytest.param(interrupted, KeyboardInterrupt, torch.clone, id="Ctrl-C"),
    ],
)


def the_error_gets_through(error):
    """Demand the error of a function that Ctrl-C ends, or whose derivative raises."""
    when = {
        ErrorOfF: "what is passed in raises ErrorOfF, a RuntimeError",
        RuntimeError: "a derivative of what is passed in raises a RuntimeError of its own",
        KeyboardInterrupt: "Ctrl-C ends what is passed in, which raises what is no Exception",
    }
    return raises(
        error,
        when=when[error],
        advice="ask whether there is a graph before you differentiate; an except hides such errors",
    )


def sine_with_grad_mode_on(x):
    """Return sin x, and look whether a gradient could be taken here."""
    if not torch.is_grad_enabled():
        raise Wrong(
            "f is called where grad mode is off, by no_grad or inference_mode: an f that takes a "
            "gradient of its own would fail there. Call it in grad mode, and detach what it returns"
        )
    return x.sin()


def values(result):
    """Return the result without its graph, where it does not matter whether there is one."""
    return result.detach() if isinstance(result, Tensor) else result


def watched(function):
    """Return the function, and a list of weak references to what it will be called with first."""
    seen = []

    def call(x, *rest):
        seen.append(weakref.ref(x))
        return function(x, *rest)

    return call, seen


def demand_released(seen, *owned):
    """Demand that the tensors are gone, all but those that belong to the test."""
    if any(reference() is not None for reference in seen):
        gc.collect()
    left = [t for reference in seen if (t := reference()) is not None]
    assert all(any(t is mine for mine in owned) for t in left), (
        "a tensor that the given function was called with outlives the result, and its graph with "
        "it: not even garbage collection frees them\n"
        "backward(create_graph=True) does that: .grad holds the graph, and the graph the tensor. "
        "Ask torch.autograd.grad, or set .grad to None"
    )
