import contextlib

import pytest
import torch
import write_the_test
from torch.nn import functional as F

from .shared import differentiated, in_float32, in_the_order_of_memory, judge

pytestmark = pytest.mark.task("check_relu")


def slope(grad_output, x):
    return grad_output.masked_fill(x <= 0, 0)


def overwritten(x):
    y = torch.relu(x.clone())
    with contextlib.suppress(RuntimeError):  # of an expanded x
        x.detach().copy_(y.detach())
    return y


def threshold(x):
    return F.threshold(x, 0, 0)


RIGHT = {
    "it is torch.relu": lambda x: torch.relu(x),
    "it is where(x <= 0, 0, x): not promised are the sign of relu(−0.0) and the gradient at NaN": (
        lambda x: torch.where(x <= 0, 0, x)
    ),
    "it is a Function that saves x; one way of computing is not promised": differentiated(
        torch.relu, slope
    ),
    "its gradient is −0.0 at some places; the sign of a gradient of 0 is not promised": (
        differentiated(threshold, lambda g, x: g * (x > 0))
    ),
    "it can be differentiated once and no second time, which is not promised": differentiated(
        torch.relu, slope, once=True
    ),
    "its gradient at NaN is NaN; the gradient there is not promised": differentiated(
        torch.relu, lambda g, x: slope(g, x).masked_fill(x.isnan(), torch.nan)
    ),
}

FAULTS = {
    "negative x goes through, times 0.01": lambda x: F.leaky_relu(x),
    "the incoming gradient is left out": differentiated(
        torch.relu, lambda g, x: slope(torch.ones_like(g), x)
    ),
    "the gradient goes through for negative x too": differentiated(torch.relu, lambda g, x: 1 * g),
    "the gradient goes through for negative x, times 0.01": differentiated(
        torch.relu, lambda g, x: torch.where(x < 0, 0.01 * g, slope(g, x))
    ),
    "no gradient goes through where it is negative": differentiated(
        torch.relu, lambda g, x: slope(g.clamp(min=0), x)
    ),
    "the slope at 0 is 1": differentiated(torch.relu, lambda g, x: g.masked_fill(x < 0, 0)),
    "the slope at 0 is 1/2": lambda x: torch.maximum(x, torch.zeros_like(x)),
    "values end at 6": lambda x: torch.relu(x).clamp(max=6),
    "x is overwritten": overwritten,
    "NaN gives 0": lambda x: torch.where(x > 0, x, 0),
    "−inf gives NaN": lambda x: x * (x > 0) + 0.0,
    "a negative x gives −0.0": differentiated(
        lambda x: torch.where(x < 0, -0.0, torch.relu(x)), slope
    ),
    "the slope is 0 up to 1e-6": differentiated(
        torch.relu, lambda g, x: g.masked_fill(x <= 1e-6, 0)
    ),
    "x is read in the order of memory, which is wrong for a transposed x": in_the_order_of_memory(
        torch.relu
    ),
    "a 0-d x gives shape (1,)": lambda x: torch.relu(x if x.ndim else x[None]),
    "it computes in float32, whatever x is": in_float32(torch.relu),
    "its gradient is computed in float32, whatever x is": differentiated(
        torch.relu, lambda g, x: slope(g.float(), x).to(x.dtype)
    ),
    "a float32 x gives float64": lambda x: torch.relu(x.double()),
}


def test_check_relu_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_relu, RIGHT, FAULTS)
