"""Whether a function that is passed in is called in grad mode, and what passes all ways alike."""

import math

import torch

from gradkata.checks import Wrong

MADE_FINITE = "NaN and infinity are made numbers: let them through"


def large_infinite_and_nan(like):
    """Return a row of three."""
    return like.new_tensor([1e6, math.inf, math.nan])


def demand_grad_mode():
    """Look whether a function that is passed in could take a gradient of its own."""
    if not torch.is_grad_enabled():
        raise Wrong(
            "f is called where grad mode is off, by no_grad or inference_mode: an f that takes a "
            "gradient of its own would fail there. Call it in grad mode, and detach what it returns"
        )
