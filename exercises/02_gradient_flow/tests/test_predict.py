import gradient_flow
import pytest
import torch
from torch import nn

from gradkata.checks import a_leaf, build, check, either_dtype, raises, sample, unchanged

from .shared import INF, MADE_FINITE, NAN

pytestmark = pytest.mark.task("predict")


def normed_model(device):
    """Return a model whose batch norm has seen other data, so that its two modes differ."""
    model = build(lambda: nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)), device=device)
    model[1].running_mean.copy_(sample((4,), device=device))
    model[1].running_var.copy_(sample((4,), device=device, low=0.5))
    return model


def normalised(model, x):
    """Return the output of such a model in eval mode."""
    linear, norm = model
    return (linear(x).detach() - norm.running_mean) / (norm.running_var + norm.eps).sqrt()


def dropping_model(device):
    return build(
        lambda: nn.Sequential(nn.Linear(3, 40), nn.Sequential(nn.Dropout(0.5), nn.Tanh())),
        device=device,
    )


class Failing(nn.Module):
    """A model that raises in the middle of its work."""

    def __init__(self, error):
        super().__init__()
        self.error = error
        self.norm, self.dropout = nn.BatchNorm1d(3), nn.Dropout(0.5)

    def forward(self, x):
        raise self.error(f"no output for shape {tuple(self.norm(x).shape)}")


@either_dtype
def test_batch_norm_uses_its_running_statistics(dtype, device):
    model = normed_model(device).to(dtype)
    (linear, norm), x = model, sample((5, 3), device=device, dtype=dtype)
    h, due = linear(x).detach(), normalised(model, x)
    batch_var, batch_mean = torch.var_mean(h, 0, correction=0)

    output = gradient_flow.predict(model, x)

    check(
        output,
        due,
        what="the output of a model with batch norm",
        mistakes={
            "the model runs in train mode: batch norm uses the batch's own statistics": (
                (h - batch_mean) / (batch_var + norm.eps).sqrt()
            )
        },
    )


def test_dropout_does_nothing(device):
    model, x = dropping_model(device), sample((5, 3), device=device)
    due = model[0](x).detach().tanh()

    with unchanged(model), unchanged(x):
        output = gradient_flow.predict(model, x)

    check(output, due, what="the output of a model with dropout, which eval mode turns off")


def test_the_output_has_no_graph_even_if_x_requires_grad(device):
    model, x = normed_model(device), a_leaf((5, 3), device)
    x.detach()[2:, 0] = x.new_tensor([1e6, INF, NAN])
    due = normalised(model, x)

    with unchanged(model), unchanged(x):
        output = gradient_flow.predict(model, x)

    assert not output.requires_grad, (
        "the output has a graph: run the model without recording one, even if x requires grad"
    )
    check(
        output,
        due,
        what="the output for an x with 1e6, inf and nan in its first column",
        mistakes={MADE_FINITE: due.nan_to_num()},
    )


@pytest.mark.parametrize(
    "modes",
    [(False, False, False), (True, False, True), (False, True, False), (True, True, False)],
    ids=str,
)
def test_every_submodule_gets_its_own_mode_back(modes, device):
    model, x = dropping_model(device), sample((5, 3), device=device)
    model.training, model[1].training, model[1][0].training = modes

    with unchanged(model), unchanged(x):
        gradient_flow.predict(model, x)


def test_a_submodule_that_two_others_share_gets_its_own_mode_back(device):
    shared = nn.Dropout()
    model = nn.Sequential(nn.Sequential(shared), nn.Sequential(shared))
    shared.eval()

    gradient_flow.predict(model, sample((4, 3), device=device))

    assert not shared.training, (
        "a dropout in eval mode, shared by two blocks in train mode, is in train mode afterwards: "
        "module.train(mode) sets what is below too; set each module's own .training"
    )


@pytest.mark.parametrize("enabled", [True, False])
def test_grad_mode_stays_as_it_was(enabled, device):
    model, x = normed_model(device), sample((5, 3), device=device)

    with torch.set_grad_enabled(enabled):
        gradient_flow.predict(model, x)
        after = torch.is_grad_enabled()

    assert after == enabled, (
        f"torch.is_grad_enabled() was {enabled} before the call and is {after} after it: "
        "switch recording off in a with-block around the model's run"
    )


@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt])
def test_modes_come_back_when_the_model_raises(error, device):
    model, x = build(lambda: Failing(error), device=device), sample((5, 3), device=device)
    model.dropout.eval()

    with raises(error, when="the model raises it: let it pass through"):
        gradient_flow.predict(model, x)

    modes = {name or "model": m.training for name, m in model.named_modules()}
    assert modes == {"model": True, "norm": True, "dropout": False}, (
        f"{error.__name__} came from the model, and the modes are {modes} now, where dropout alone "
        "was in eval mode before: put them back in finally, whatever passes through"
    )


def test_grad_mode_comes_back_when_the_model_raises(device):
    model, x = build(lambda: Failing(LookupError), device=device), sample((5, 3), device=device)

    with raises(LookupError, when="the model raises it: let it pass through"):
        gradient_flow.predict(model, x)

    assert torch.is_grad_enabled(), (
        "torch.is_grad_enabled() is False after the model raised: "
        "switch recording off in a with-block, which ends also when an error passes through"
    )
