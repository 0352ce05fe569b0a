"""What each function returns is compared with a plain loop, and the calls are counted."""

import contextlib
import copy
import math

import torch
from torch import nn

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    Wrong,
    build,
    inside_no_grad,
    raises,
    sample,
    turned,
    unchanged,
)

SWAPPED = "the output and y are given to loss_fn the wrong way round"

X_VARIES = "x, which the model's own parameters have made, varies with them: it is a constant"


class Tally:
    """A count that a copy shares with what it was copied from."""

    def __init__(self):
        self.count = 0

    def __deepcopy__(self, memo):
        return self


class Counted(nn.Sequential):
    """Layers one after another, with a count of their calls, copies' calls too.

    With `axes`, they demand a batch of that many.
    """

    axes = None

    def __init__(self, *layers):
        super().__init__(*layers)
        self.calls = Tally()

    def forward(self, x):
        self.calls.count += 1
        if self.axes and x.ndim != self.axes:
            raise Wrong(
                f"the model is called with an x of shape {tuple(x.shape)}, of {x.ndim} axes; it "
                f"takes a batch, of {self.axes}: a single sample is a batch of one"
            )
        self._demand_values()
        return super().forward(x)

    def _demand_values(self):
        for name, p in self.named_parameters(remove_duplicate=False):
            if p.is_meta:
                raise Wrong(
                    f"the model runs with its {name!r} on the device meta, which holds no values: "
                    "a move to meta breaks the ties; copy.deepcopy keeps them"
                )


def demanding(model, loss_fn, x, y):
    """Return a loss_fn that demands a batch, as the model does from now on."""
    model.axes = x.ndim

    def loss(output, target):
        if target.ndim != y.ndim:
            raise Wrong(
                f"loss_fn is called with a y of shape {tuple(target.shape)}, of {target.ndim} "
                f"axes; it takes a batch, of {y.ndim}: a single sample is a batch of one"
            )
        return loss_fn(output, target)

    return loss


@contextlib.contextmanager
def running_once(*models, advice):
    """Demand that the models run once in all."""
    before = sum(model.calls.count for model in models)
    yield
    calls = sum(model.calls.count for model in models) - before
    if calls != 1:
        raise Wrong(f"the model runs {calls} times: {advice}")


def ready(make, device, dtype=torch.float64):
    """Return the model that `make` builds, with something in every `.grad`."""
    model = build(make, device=device).to(dtype)
    for p in model.parameters():
        p.grad = sample(p.shape, device=device, dtype=dtype)
    return model


class ByMode(nn.Module):
    """Is another function in eval mode."""

    def forward(self, x):
        return x.tanh() if self.training else 2 * x.sin()


def by_mode():
    """Return two modules, one in each mode."""
    return nn.Sequential(ByMode(), ByMode().eval())


def all_in(model, *, training):
    """Return a copy with all its modules in one mode."""
    return copy.deepcopy(model).train(training)


def through(model, t):
    """Return a tensor with a graph through the model's parameters; each element moves with them."""
    return t * sum(p.square().mean() for p in model.parameters() if p.requires_grad)


def three_layers():
    """Return three linear layers, a parameter to spare, and a buffer."""
    layers = nn.Linear(4, 3), by_mode(), nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 2)
    model = Counted(*layers)
    model.register_parameter("spare", nn.Parameter(torch.rand(2, 3)))
    model.register_buffer("shift", torch.rand(3))
    return model


def tied():
    """Return two linear layers with one weight."""
    model = Counted(nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3))
    model[2].weight = model[0].weight
    return model


def miss(output, y):
    """Return a loss in which output and y cannot change places."""
    return (output - 2 * y).square().mean()


def the_wrong_way_round(loss_fn):
    return lambda output, y: loss_fn(y, output)


def a_copys_step(model, loss_fn, x, y):
    """Return the gradient for each parameter, frozen ones too, and the copy that has run."""
    twin = copy.deepcopy(model).requires_grad_()
    twin.zero_grad()
    loss_fn(twin(x.detach()), y.detach()).backward()
    gradients = {
        name: torch.zeros_like(p).detach() if p.grad is None else p.grad
        for name, p in twin.named_parameters()
    }
    return gradients, twin


def by_backward(model, loss_fn, x, y):
    """Return the gradient for each parameter, frozen ones too."""
    return a_copys_step(model, loss_fn, x, y)[0]


def with_x_varying(model, loss_fn, x, y):
    """Return the gradients where x is no constant but what the parameters have made of it."""
    gradients = by_backward(model, loss_fn, x, y)
    if not x.requires_grad:
        return gradients
    loss = loss_fn(copy.deepcopy(model)(x), y)
    params = only(trainable(model), dict(model.named_parameters()))
    through_x = torch.autograd.grad(
        loss, list(params.values()), retain_graph=True, materialize_grads=True
    )
    varying = zip(params, through_x, strict=True)
    return gradients | {name: gradients[name] + g for name, g in varying}


def untied(model, loss_fn, x, y):
    """Return the gradients where a tied weight is replaced in its first place alone."""
    leaves = {n: p.detach().clone().requires_grad_() for n, p in model.named_parameters()}
    output = torch.func.functional_call(model, leaves, (x.detach(),), tie_weights=False)
    gradients = torch.autograd.grad(
        loss_fn(output, y.detach()), list(leaves.values()), materialize_grads=True
    )
    return dict(zip(leaves, (g.detach() for g in gradients), strict=True))


def only(names, gradients):
    return {name: gradients[name] for name in names}


def trainable(model):
    return [name for name, p in model.named_parameters() if p.requires_grad]


def without_backward(loss_fn):
    """Return a loss whose backward raises."""
    return lambda output, y: IdentityWithoutBackward.apply(loss_fn(output, y))


def interrupted(output, y):
    """Stand for a loss that somebody ends by Ctrl-C."""
    raise KeyboardInterrupt


def demand_that_errors_come_through(call, *models):
    """Demand that errors of a loss_fn come through, and that models are left as they were."""
    with inside_no_grad(), unchanged(*models):
        with raises(ErrorOfF, when="the backward of loss_fn raises it"):
            call(without_backward(miss))
        with raises(KeyboardInterrupt, when="it ends loss_fn"):
            call(interrupted)


def mixing(x, shape):
    """Return an f to tensors of this shape, in which each element depends on all of x.

    Neither its result nor its gradients are contiguous, unless they are vectors.
    """
    weight = sample((math.prod(shape), x.numel()), device=x.device, dtype=x.dtype)
    return lambda t: turned((1 + weight @ turned(t).reshape(-1)).sin().reshape(shape[::-1]))
