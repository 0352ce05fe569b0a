"""Gradients are compared with formulas worked out by hand, and what is left behind is looked at."""

import contextlib

import pytest

from gradkata.checks import ErrorOfF, raises

without_func = pytest.mark.forbid("torch.func", reason="ask torch.autograd.grad")


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
