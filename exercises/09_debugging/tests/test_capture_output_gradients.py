import debugging
import pytest
import torch
from torch import nn

from gradkata.checks import (
    build,
    check,
    either_dtype,
    raises,
    sample,
    situation,
    unchanged,
    weighted,
)

from .shared import (
    FailsAt,
    FailsInBackward,
    Louder,
    a_leaf,
    unchanged_by_an_error,
    with_gradients,
)

pytestmark = pytest.mark.task("capture_output_gradients")


class Net(nn.Module):
    """A small net with a name inside another."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(3, 4), Louder())
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.encoder(x))


def gradients_in_net(model, x):
    """Return the gradients of `weighted` at each output, and those at x, by name."""
    x = x.detach().requires_grad_()
    a = model.encoder[0](x)
    h = model.encoder[1](a)
    y = model.head(h)
    at = {"head": y, "encoder": h, "encoder.1": h, "encoder.0": a, "x": x}
    return dict(zip(at, torch.autograd.grad(weighted(y), list(at.values())), strict=True))


@either_dtype
def test_the_gradient_at_an_output_is_captured(dtype, device):
    model = build(Net, device=device).to(dtype)
    x = sample((5, 3), device=device, dtype=dtype)
    due = gradients_in_net(model, x)

    with unchanged(model), unchanged(x):
        captured = debugging.capture_output_gradients(model, ["encoder.1"], x, weighted)

    check(
        captured,
        {"encoder.1": due["encoder.1"]},
        what="the gradient at the output of encoder.1",
        mistakes={
            "the gradient is taken at the module's input: grad_output is at its output": {
                "encoder.1": due["encoder.0"]
            }
        },
    )


@pytest.mark.parametrize(
    "names",
    [["encoder.0", "head"], ["head", "encoder", "encoder.1", "encoder.0"]],
    ids=["as they run", "in another order"],
)
def test_each_name_gets_its_own_gradient_in_the_order_of_names(names, device):
    model, x = build(Net, device=device), sample((5, 3), device=device)
    due = gradients_in_net(model, x)

    with unchanged(model), unchanged(x):
        captured = debugging.capture_output_gradients(model, names, x, weighted)

    late = "every hook reads one variable, which holds the last name by the time it runs"
    check(
        captured,
        {name: due[name] for name in names},
        what="the gradients at the outputs",
        mistakes={
            late: {names[-1]: due["head"]},
            late + ": give each hook a name of its own": {names[-1]: due["encoder.0"]},
            "a tensor that two modules return is kept under the last of their names alone": {
                name: due[name] for name in names if name != "encoder.1"
            },
            "a tensor that two modules return is kept under the first of their names alone": {
                name: due[name] for name in names if name != "encoder"
            },
        },
    )
    assert list(captured) == names, (
        f"the names are {names}, the keys come in the order {list(captured)}: keep that of names"
    )


def test_grad_is_left_alone_by_the_capture(device):
    model, x = with_gradients(build(Net, device=device)), a_leaf((5, 3), device)

    with unchanged(model), unchanged(x):
        debugging.capture_output_gradients(model, ["head"], x, weighted)


def test_hooks_and_modes_of_others_stay(device):
    model, x = build(Net, device=device), sample((5, 3), device=device)
    model.head.register_forward_hook(lambda module, args, output: None)
    model.encoder.eval()

    with unchanged(model), unchanged(x):
        debugging.capture_output_gradients(model, ["head", "encoder.1"], x, weighted)


def test_a_frozen_model_still_has_gradients_at_its_outputs(device):
    model, x = build(Net, device=device).requires_grad_(False), a_leaf((5, 3), device)

    with unchanged(model), unchanged(x), situation("on a frozen model whose input requires grad"):
        captured = debugging.capture_output_gradients(model, ["encoder.0"], x, weighted)

    check(captured, {"encoder.0": gradients_in_net(model, x)["encoder.0"]})


def test_an_output_that_is_the_input_itself_has_a_gradient_too(device):
    model, x = nn.Sequential(nn.Identity(), nn.Tanh()), a_leaf((5, 3), device)
    due = torch.autograd.grad(weighted(x.tanh()), x)[0]
    stale = sample((5, 3), device=device)
    x.grad = stale.clone()

    captured = debugging.capture_output_gradients(model, ["0"], x, weighted)

    check(
        captured,
        {"0": due},
        what="the gradient at the output of an nn.Identity, which is x itself",
        mistakes={
            "it is added to an older gradient in x.grad, and read there: ask torch.autograd.grad": {
                "0": stale + due
            }
        },
    )
    check(x.grad, stale, what=".grad of x, which is not to be written")


def test_an_unknown_name_is_a_key_error(device):
    model, x = build(Net, device=device), sample((5, 3), device=device)

    with (
        unchanged(model, x),
        raises(KeyError, when="the model has no submodule 'decoder'", naming=["decoder"]),
    ):
        debugging.capture_output_gradients(model, ["head", "decoder"], x, weighted)


def test_hooks_are_removed_when_the_model_raises(device):
    model = build(Net, device=device)
    model.head = FailsAt(1)

    with (
        unchanged_by_an_error(model),
        raises(LookupError, when="the model raises it: let it pass through"),
    ):
        debugging.capture_output_gradients(
            model, ["encoder.0", "head"], sample((5, 3), device=device), weighted
        )


def no_loss(output):
    raise KeyboardInterrupt("stopped by Ctrl-C")


@pytest.mark.parametrize(
    ("loss_fn", "error", "when"),
    [
        (no_loss, KeyboardInterrupt, "Ctrl-C stops loss_fn: let it pass through"),
        (
            lambda output: FailsInBackward.apply(output).sum(),
            RuntimeError,
            "backward raises it: let it pass through",
        ),
    ],
    ids=["loss_fn", "backward"],
)
def test_hooks_are_removed_when_the_loss_raises(loss_fn, error, when, device):
    model = build(Net, device=device)

    with unchanged_by_an_error(model), raises(error, when=when):
        debugging.capture_output_gradients(
            model, ["encoder.0", "head"], sample((5, 3), device=device), loss_fn
        )
