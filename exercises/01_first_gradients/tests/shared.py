"""Gradients are compared with formulas worked out by hand, and what is left behind is looked at."""

import contextlib

import pytest
import torch

from gradkata.checks import ErrorOfF, Wrong, inside_no_grad, raises

without_func = pytest.mark.forbid("torch.func", reason="ask torch.autograd.grad")


MADE_FINITE = "NaN and infinity are made numbers: let them through"
BY_ITSELF = "x itself is made to record, or left recording, so that the x inside f counts too"


@contextlib.contextmanager
def an_error_of_f_comes_through():
    """Demand that an error in the backward of f is not taken for one of torch's own."""
    with raises(
        ErrorOfF,
        when="the backward of f raises ErrorOfF, a RuntimeError with torch's own words",
        advice="let it through; by allow_unused or materialize_grads you see what f ignores",
    ):
        yield


@contextlib.contextmanager
def ctrl_c_comes_through():
    """Demand that recording, off before the call, is off again after Ctrl-C has ended f."""
    with inside_no_grad(), raises(KeyboardInterrupt, when="Ctrl-C ends f", advice="let it through"):
        yield


def made_finite(number):
    """Return what torch.nan_to_num makes of a Python float."""
    return torch.tensor(number, dtype=torch.float64).nan_to_num().item()


def stopped(*_):
    """Stand for an f that Ctrl-C ends."""
    raise KeyboardInterrupt


def sine_where_recording_is_on(x):
    """Return sin x, and look whether a gradient could be taken here."""
    if not torch.is_grad_enabled():
        raise Wrong(
            "f is called where recording is off, by no_grad or inference_mode: an f that takes a "
            "gradient itself would fail there"
        )
    return x.sin()
