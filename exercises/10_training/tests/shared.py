"""Each loop is compared with formulas worked out by hand for a linear layer, and by its traces."""

from types import SimpleNamespace

import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import build, sample

RATE, MOMENTUM, DECAY = 0.3, 0.5, 0.4
# So steep a loss has gradients that any clipping would change.
STEEP = 1e6


def a_layer(device, dtype=torch.float64):
    return build(lambda: nn.Linear(3, 2), device=device).to(dtype)


def an_optimizer(model):
    """Return an optimizer with a group for each parameter; weight decay is for the bare one."""
    groups = [
        {"params": [p], "weight_decay": DECAY if name.endswith("bare") else 0}
        for name, p in model.named_parameters()
    ]
    return torch.optim.SGD(groups, lr=RATE, momentum=MOMENTUM)


def some_batches(device, sizes=(3, 1, 4), dtype=torch.float64):
    """Return batches for `a_layer`, of these sizes."""
    return [
        (sample((n, 3), device=device, dtype=dtype), sample((n, 2), device=device, dtype=dtype))
        for n in sizes
    ]


def loss_of(output, y):
    """Return a loss that is another one with its arguments swapped."""
    return F.mse_loss(output, 2 * y)


def turned(layer):
    """Let the columns of the layer's weight lie one behind the other in place of its rows."""
    layer.weight = nn.Parameter(layer.weight.detach().T.contiguous().T)
    return layer


def add_idle_parameters(layer):
    """Add parameters that stay to a layer, and return them; also add a second name of its weight.

    One is frozen, and one no loss uses, both with a stale `.grad`; another that no loss uses is
    bare of a `.grad`.
    """
    like = {"device": layer.weight.device, "dtype": layer.weight.dtype}
    layer.frozen = nn.Parameter(sample((2,), **like), requires_grad=False)
    layer.unused = nn.Parameter(sample((3,), **like))
    layer.bare = nn.Parameter(sample((2,), **like))
    for p in (layer.frozen, layer.unused):
        p.grad = sample(p.shape, **like)
    layer.tied = nn.Module()
    layer.tied.weight = layer.weight
    return [layer.frozen, layer.unused, layer.bare]


def led_astray(idle, steps, *, scale=1.0):
    """Return what becomes of idle parameters for each mistake with their gradients."""
    total = sum((1 - MOMENTUM ** (i + 1)) / (1 - MOMENTUM) for i in range(steps))
    frozen, unused, bare = values(idle)
    moved = [p.detach() - RATE * total * p.grad / scale for p in idle[:2]]
    decayed, velocity = bare, 0
    for _ in range(steps):
        velocity = MOMENTUM * velocity + DECAY * decayed
        decayed = decayed - RATE * velocity
    of = "keeps its stale gradient, and the optimizer follows that"
    return {
        f"a frozen parameter {of}": [moved[0], unused, bare],
        f"a parameter that the loss does not use {of}": [frozen, moved[1], bare],
        f"each of the two {of}": [*moved, bare],
        "zeros stand where .grad is None, and weight decay follows them": [frozen, unused, decayed],
    }


class FailsInBackward(torch.autograd.Function):
    """Passes its input on, and has no gradient to give."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        raise RuntimeError("out of memory: the table of gradients has no row 3")


def fails_in_backward(output, y):
    """Return a loss whose backward raises."""
    return FailsInBackward.apply(loss_of(output, y))


def values(tensors):
    return [t.detach().clone() for t in tensors]


def leave_stale_gradients(model):
    for p in model.parameters():
        p.grad = sample(p.shape, device=p.device, dtype=p.dtype)


def gradient_by_hand(weights, x, y):
    """Return the gradient of `loss_of` for a linear layer."""
    error = x @ weights[0].T + weights[1] - 2 * y
    return [2 * error.T @ x / error.numel(), 2 * error.sum(0) / error.numel()]


def descent_by_hand(layer, gradients, *, cleared="before"):
    """Return the layer's weights before the first step and after each.

    Args:
        layer: where to start.
        gradients: for each step a function from weights to their gradient.
        cleared: `before` each backward, `after` each step or `never`.
    """
    path, velocity = [values(layer.parameters())], [0, 0]
    old = [0 if p.grad is None or cleared == "before" else p.grad for p in layer.parameters()]
    for gradient in gradients:
        g = [a + b for a, b in zip(old, gradient(path[-1]), strict=True)]
        velocity = [MOMENTUM * v + a for v, a in zip(velocity, g, strict=True)]
        path.append([w - RATE * v for w, v in zip(path[-1], velocity, strict=True)])
        old = g if cleared == "never" else [0, 0]
    return path


def batchwise(batches):
    """Return the gradient of each batch, as `descent_by_hand` takes it."""
    return [lambda w, x=x, y=y: gradient_by_hand(w, x, y) for x, y in batches]


def steep_loss(output, y):
    return STEEP * loss_of(output, y)


def steeply(gradients):
    """Return the gradients of `steep_loss`, as `descent_by_hand` takes them."""
    return [lambda w, g=g: [STEEP * each for each in g(w)] for g in gradients]


class Probe(nn.Module):
    """A model that notes how it is run: an entry in `seen` for each call."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.seen = []
        # A copy of this module notes its runs in the same list.
        self.note = self.seen.append

    def forward(self, x):
        y = self.model(x)
        self.note(
            SimpleNamespace(
                x=x,
                modes=modes_of(self),
                recording=torch.is_grad_enabled(),
                dtype=y.dtype,
                weights=values(self.parameters()),
            )
        )
        return y


def modes_of(model):
    return [module.training for module in model.modules()]
