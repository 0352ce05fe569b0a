"""Each function is tried on graphs and models with a fault planted in a known place."""

import contextlib

import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import Wrong, build, sample, unchanged


def a_leaf(shape, device):
    return sample(shape, device=device, requires_grad=True)


def with_gradients(model):
    """Give every parameter a `.grad`, as an earlier backward would have left it."""
    for p in model.parameters():
        p.grad = sample(p.shape, device=p.device, dtype=p.dtype)
    return model


# What graphs truly hold
def name_of(node):
    return node.name().rpartition("::")[2]


def producers(node):
    return [producer for producer, _ in node.next_functions if producer is not None]


def nodes_behind(y):
    """Return every node once, in the order of breadth-first search."""
    found = [y.grad_fn]
    for node in found:
        found += [new for new in dict.fromkeys(producers(node)) if new not in found]
    return found


class FailsAt(nn.Module):
    """Passes its input on until a certain call, which raises."""

    def __init__(self, call, error=LookupError):
        super().__init__()
        self.left = call
        self.error = error

    def forward(self, x):
        self.left -= 1
        if not self.left:
            raise self.error(f"no output for shape {tuple(x.shape)}")
        return x


class Louder(nn.Tanh):
    """Twice as loud in train mode."""

    def forward(self, x):
        return (1 + self.training) * x.tanh()


def small_net(device, *, dtype=torch.float64):
    make = lambda: nn.Sequential(nn.Linear(3, 4), Louder(), nn.Linear(4, 2))  # noqa: E731
    return build(make, device=device).to(dtype)


def three_batches(device, *, dtype=torch.float64):
    return [
        (sample((n, 3), device=device, dtype=dtype), sample((n, 2), device=device, dtype=dtype))
        for n in (5, 3, 1)
    ]


def loss_of(output, y):
    """Return a loss that is another one with its arguments swapped."""
    return F.mse_loss(output, 2 * y)


def faint_loss(output, y):
    return 1e-30 * loss_of(output, y)


@contextlib.contextmanager
def unchanged_by_an_error(*things):
    """Demand that things are left as they were found by a call that an error ends."""
    try:
        with unchanged(*things):
            yield
    except Wrong as wrong:
        raise Wrong(f"{wrong}; an error ends the call: tidy up in a finally block") from None


def interrupted(batches):
    """Give the first batch, and then be stopped by Ctrl-C."""
    yield batches[0]
    raise KeyboardInterrupt("no second batch")


def fails(x):
    raise RuntimeError(f"f is not made for shape {tuple(x.shape)}")


class NoRow(RuntimeError):
    """What goes wrong in `FailsInBackward`."""


class FailsInBackward(torch.autograd.Function):
    """Passes its input on, and has no gradient to give."""

    @staticmethod
    def forward(x):
        return x.clone()

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, grad_output):
        raise NoRow("no row 3 in the inplace table of finances: allow_unused=True")
