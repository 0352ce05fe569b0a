import contextlib

import debugging
import pytest
from torch import nn

from gradkata.checks import build, check, sample, situation, unchanged

from .shared import FailsInBackward, NoRow, a_leaf, with_gradients

pytestmark = pytest.mark.task("unused_parameters")


class Branches(nn.Module):
    """Three layers, of which forward uses those that it is told."""

    def __init__(self):
        super().__init__()
        self.zeta = nn.Linear(3, 2)
        self.alpha = nn.Linear(3, 2)
        self.mid = nn.Linear(3, 2)

    def forward(self, x, *used):
        return sum(getattr(self, name)(x).exp() for name in used)


def test_the_parameters_of_layers_that_did_not_run_are_unused(device):
    model = build(Branches, device=device)
    loss = model(sample((5, 3), device=device), "alpha").mean()
    used, unused = ["alpha.weight", "alpha.bias"], parameter_names("zeta", "mid")

    with unchanged(model):
        names = debugging.unused_parameters(model, loss)

    check(
        names,
        unused,
        what="the unused parameters",
        mistakes={
            "those are named that the loss does use": used,
            "names are sorted: keep the order of named_parameters()": sorted(unused),
        },
    )


def parameter_names(*layers):
    return [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]


def test_nothing_is_unused_where_the_loss_uses_all(device):
    model = build(Branches, device=device)
    loss = model(sample((5, 3), device=device), "zeta", "alpha", "mid").mean()

    check(debugging.unused_parameters(model, loss), [], what="the unused parameters")


def test_a_gradient_of_zeros_is_a_gradient(device):
    model, x = build(Branches, device=device), sample((5, 3), device=device)
    loss = (model(x, "zeta") + 0 * model(x, "alpha")).mean()

    check(
        debugging.unused_parameters(model, loss),
        parameter_names("mid"),
        what="the unused parameters, where those of alpha are used and have gradients of zeros",
        mistakes={
            "a gradient of zeros is taken for none": parameter_names("alpha", "mid"),
        },
    )


def test_a_frozen_parameter_is_not_called_unused(device):
    model, x = build(Branches, device=device), sample((5, 3), device=device)
    model.zeta.requires_grad_(False)
    model.mid.weight.requires_grad_(False)
    loss = model(x, "zeta", "alpha").mean()

    with unchanged(model), situation("with frozen parameters"):
        names = debugging.unused_parameters(model, loss)

    frozen = [name for name, p in model.named_parameters() if not p.requires_grad]
    check(
        names,
        ["mid.bias"],
        what=f"the unused parameters, {', '.join(frozen)} being frozen",
        mistakes={
            "frozen parameters are listed too": [*frozen, "mid.bias"],
            "unused parameters are listed although they are frozen": parameter_names("mid"),
        },
    )


def test_old_gradients_say_nothing_about_use(device):
    model = with_gradients(build(Branches, device=device))
    loss = model(sample((5, 3), device=device), "alpha").mean()

    with unchanged(model):
        names = debugging.unused_parameters(model, loss)

    check(
        names,
        parameter_names("zeta", "mid"),
        what="the unused parameters, where all have an older .grad",
        mistakes={"an older gradient in .grad counts as use": []},
    )


def test_an_error_in_backward_does_not_make_a_parameter_unused(device):
    model = with_gradients(build(Branches, device=device))
    loss = FailsInBackward.apply(model(sample((5, 3), device=device), "alpha")).mean()
    names = unused = parameter_names("zeta", "mid")

    # Whoever runs backward meets the error; whoever walks the graph does not.
    with unchanged(model), contextlib.suppress(NoRow):
        names = debugging.unused_parameters(model, loss)

    check(
        names,
        unused,
        what="the unused parameters, where the backward of the loss raises an error",
        mistakes={
            "any error of backward is taken for a parameter that is not used": parameter_names(
                "zeta", "alpha", "mid"
            )
        },
    )


def test_the_loss_can_be_back_propagated_afterwards(device):
    model = build(Branches, device=device)
    loss = model(sample((5, 3), device=device), "alpha").mean()

    debugging.unused_parameters(model, loss)

    with situation("back-propagating the same loss after unused_parameters(model, loss)"):
        loss.backward()


def test_a_weight_that_two_layers_share_is_used_if_one_of_them_runs(device):
    model = build(Branches, device=device)
    model.mid.weight = model.alpha.weight
    x = a_leaf((5, 3), device)
    loss = model(x, "alpha").mean()

    with unchanged(x):
        names = debugging.unused_parameters(model, loss)

    check(
        names,
        [*parameter_names("zeta"), "mid.bias"],
        what="the unused parameters, mid sharing its weight with alpha, which runs",
    )
