import math

import debugging
import pytest
import torch
from torch import nn

from gradkata.checks import check, raises, sample, situation, unchanged

from .shared import (
    faint_loss,
    loss_of,
    small_net,
    three_batches,
    unchanged_by_an_error,
    with_gradients,
)

pytestmark = pytest.mark.task("gradient_flow")


def flows(model, x, y, loss_fn=loss_of):
    """Return grad_norm, param_norm and ratio of each trainable parameter that the loss uses."""
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    gradients = torch.autograd.grad(loss_fn(model(x), y), list(params.values()))
    norms = [
        (g.norm().item(), p.norm().item()) for g, p in zip(gradients, params.values(), strict=True)
    ]
    return {name: (g, p, g / p) for name, (g, p) in zip(params, norms, strict=True)}


def one_batch(device, *, dtype=torch.float64):
    return three_batches(device, dtype=dtype)[0]


def with_eps(flows):
    """Return what small numbers in the denominator make of the ratios."""
    sizes = (1e-6, 1e-7, 1e-8, 1e-10, 1e-12)
    added = {
        f"{eps:g} keeps the parameter's norm off 0: divide by the norm as it is": {
            name: (g, p, g / (p + eps)) for name, (g, p, _) in flows.items()
        }
        for eps in sizes
    }
    clamped = {
        f"{eps:g} is the least that the norm may be: divide by the norm as it is": {
            name: (g, p, g / max(p, eps)) for name, (g, p, _) in flows.items()
        }
        for eps in sizes
    }
    return added | clamped


def test_each_parameter_has_its_norms_and_their_ratio(device):
    model, (x, y) = small_net(device), one_batch(device)
    due = flows(model, x, y)

    with unchanged(model), unchanged(x, y):
        yours = debugging.gradient_flow(model, x, y, loss_of)

    check(
        yours,
        due,
        what="the flow",
        mistakes={
            "the ratio is upside down": {n: (g, p, p / g) for n, (g, p, _) in due.items()},
            "loss_fn gets y first: it takes the output and y": lambda: flows(
                model, x, y, lambda output, y: loss_of(y, output)
            ),
            **with_eps(due),
        },
    )
    assert all(type(flow) is debugging.Flow for flow in yours.values()), (
        "a value of the dict is a plain tuple: make it a Flow"
    )


def test_parameters_come_once_and_in_the_order_of_their_definition(device):
    model, (x, y) = small_net(device), one_batch(device)
    model[2].register_parameter("tied", model[0].bias)

    names = list(debugging.gradient_flow(model, x, y, loss_of))

    due = [name for name, _ in model.named_parameters()]
    assert names == due, (
        f"the keys are {', '.join(names)}; those of named_parameters() are, in its order, "
        f"{', '.join(due)}, 2.tied being another name of 0.bias"
    )


def test_a_frozen_parameter_has_no_flow(device):
    model, (x, y) = with_gradients(small_net(device)), one_batch(device)
    model[2].weight.requires_grad_(False)

    with unchanged(model), situation("with a frozen parameter"):
        yours = debugging.gradient_flow(model, x, y, loss_of)

    check(yours, flows(model, x, y), what="the flow, 2.weight being frozen")


def test_grad_is_neither_read_nor_written_by_the_flow(device):
    model, (x, y) = with_gradients(small_net(device)), one_batch(device)
    x.requires_grad_()

    with unchanged(model), unchanged(x):
        yours = debugging.gradient_flow(model, x, y, loss_of)

    check(yours, flows(model, x, y), what="the flow, where .grad holds older gradients")


def test_grad_comes_back_when_the_loss_is_interrupted(device):
    model, (x, y) = with_gradients(small_net(device)), one_batch(device)

    def stopped(output, y):
        raise KeyboardInterrupt("no loss")

    with (
        unchanged_by_an_error(model),
        raises(KeyboardInterrupt, when="Ctrl-C stops it: let it pass through"),
    ):
        debugging.gradient_flow(model, x, y, stopped)


def test_a_parameter_that_the_loss_does_not_use_has_norm_0(device):
    model, (x, y) = small_net(device), one_batch(device)
    spare = nn.Parameter(sample((4,), device=device))
    due = flows(model, x, y) | {"spare": (0.0, spare.norm().item(), 0.0)}
    model.register_parameter("spare", spare)

    with unchanged(model), situation("with a parameter that the loss does not use"):
        yours = debugging.gradient_flow(model, x, y, loss_of)

    check(yours, due, what="the flow with an unused parameter")


def test_a_zero_parameter_with_a_gradient_has_an_infinite_ratio(device):
    model, (x, y) = small_net(device), one_batch(device)
    nn.init.zeros_(model[0].weight)
    gradient = torch.autograd.grad(faint_loss(model(x), y), model[0].weight)[0]

    with situation("with a parameter of zeros"):
        yours = debugging.gradient_flow(model, x, y, faint_loss)

    check(
        yours.get("0.weight"),
        (gradient.norm().item(), 0.0, math.inf),
        what="the flow of a weight of zeros, which has a small gradient",
        atol=0,
        mistakes={
            "a small gradient is taken for none: compare its norm with 0": lambda: (
                gradient.norm().item(),
                0.0,
                0.0,
            )
        },
    )


@pytest.mark.parametrize("used", [True, False], ids=["gradient of zeros", "unused"])
def test_a_zero_parameter_without_a_gradient_has_ratio_0(used, device):
    model, (x, y) = small_net(device), one_batch(device)
    spare = nn.Parameter(torch.zeros(4, dtype=torch.float64, device=device))
    model.register_parameter("spare", spare)

    def loss_fn(output, y):
        loss = loss_of(output, y)
        return loss + (0 * spare).sum() if used else loss

    with situation("with a parameter and a gradient of zeros"):
        yours = debugging.gradient_flow(model, x, y, loss_fn)

    check(
        yours.get("spare"),
        (0.0, 0.0, 0.0),
        what="the flow of a parameter of zeros whose gradient is 0",
        mistakes={"0 is divided by 0": (0.0, 0.0, math.nan)},
    )


def test_the_ratio_to_a_tiny_parameter_is_exact(device):
    model, (x, y) = small_net(device), one_batch(device)
    with torch.no_grad():
        model[2].bias.mul_(1e-30)
    due = flows(model, x, y)

    yours = debugging.gradient_flow(model, x, y, loss_of)

    check(
        yours,
        due,
        what="the flow, with a bias of the size 1e-30, whose norm is divided by as it is",
        mistakes=with_eps(due),
    )


def test_the_flow_of_a_float32_model_is_in_floats(device):
    model = small_net(device, dtype=torch.float32)
    x, y = one_batch(device, dtype=torch.float32)

    yours = debugging.gradient_flow(model, x, y, loss_of)

    check(yours, flows(model, x, y), what="the flow", rtol=1e-5)
