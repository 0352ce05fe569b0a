import math

import debugging
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gradkata.checks import check, sample, situation, unchanged

from .shared import small_net, three_batches, with_gradients

pytestmark = pytest.mark.task("gradient_flow")


def flows(model, x, y):
    """Return grad_norm, param_norm and ratio of each trainable parameter that the loss uses."""
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    gradients = torch.autograd.grad(F.mse_loss(model(x), y), list(params.values()))
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
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(
        yours,
        due,
        what="the flow",
        mistakes={
            "the ratio is upside down": {n: (g, p, p / g) for n, (g, p, _) in due.items()},
            **with_eps(due),
        },
    )
    assert all(type(flow) is debugging.Flow for flow in yours.values()), (
        "a value of the dict is a plain tuple: make it a Flow"
    )


def test_parameters_come_in_the_order_of_their_definition(device):
    model, (x, y) = small_net(device), one_batch(device)

    names = list(debugging.gradient_flow(model, x, y, F.mse_loss))

    due = [name for name, _ in model.named_parameters()]
    assert names == due, (
        f"the keys come in the order {', '.join(names)}: keep that of named_parameters(), which is "
        f"{', '.join(due)}"
    )


def test_a_frozen_parameter_has_no_flow(device):
    model, (x, y) = with_gradients(small_net(device)), one_batch(device)
    model[2].weight.requires_grad_(False)

    with unchanged(model), situation("with a frozen parameter"):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, flows(model, x, y), what="the flow, 2.weight being frozen")


def test_grad_is_neither_read_nor_written_by_the_flow(device):
    model, (x, y) = with_gradients(small_net(device)), one_batch(device)

    with unchanged(model):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, flows(model, x, y), what="the flow, where .grad holds older gradients")


def test_a_parameter_that_the_loss_does_not_use_has_norm_0(device):
    model, (x, y) = small_net(device), one_batch(device)
    spare = nn.Parameter(sample((4,), device=device))
    due = flows(model, x, y) | {"spare": (0.0, spare.norm().item(), 0.0)}
    model.register_parameter("spare", spare)

    with unchanged(model), situation("with a parameter that the loss does not use"):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, due, what="the flow with an unused parameter")


def test_a_zero_parameter_with_a_gradient_has_an_infinite_ratio(device):
    model, (x, y) = small_net(device), one_batch(device)
    nn.init.zeros_(model[2].bias)
    gradient = torch.autograd.grad(F.mse_loss(model(x), y), model[2].bias)[0]

    with situation("with a parameter of zeros"):
        yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(
        yours.get("2.bias"),
        (gradient.norm().item(), 0.0, math.inf),
        what="the flow of a bias of zeros, which has a gradient",
    )


@pytest.mark.parametrize("used", [True, False], ids=["gradient of zeros", "unused"])
def test_a_zero_parameter_without_a_gradient_has_ratio_0(used, device):
    model, (x, y) = small_net(device), one_batch(device)
    spare = nn.Parameter(torch.zeros(4, dtype=torch.float64, device=device))
    model.register_parameter("spare", spare)

    def loss_fn(output, y):
        loss = F.mse_loss(output, y)
        return loss + (0 * spare).sum() if used else loss

    with situation("with a parameter and a gradient of zeros"):
        yours = debugging.gradient_flow(model, x, y, loss_fn)

    check(
        yours.get("spare"),
        (0.0, 0.0, 0.0),
        what="the flow of a parameter of zeros whose gradient is 0",
        mistakes={"0 is divided by 0": (0.0, 0.0, math.nan)},
    )


@pytest.mark.parametrize("scale", [1e-9, 1e-30])
def test_the_ratio_to_a_tiny_parameter_is_exact(scale, device):
    model, (x, y) = small_net(device), one_batch(device)
    with torch.no_grad():
        model[2].bias.mul_(scale)
    due = flows(model, x, y)

    yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(
        yours,
        due,
        what=f"the flow, with a bias of the size {scale:g}, whose norm is divided by as it is",
        mistakes=with_eps(due),
    )


def test_the_flow_of_a_float32_model_is_in_floats(device):
    model = small_net(device, dtype=torch.float32)
    x, y = one_batch(device, dtype=torch.float32)

    yours = debugging.gradient_flow(model, x, y, F.mse_loss)

    check(yours, flows(model, x, y), what="the flow", rtol=1e-5)
