import contextlib
import math

import gradient_surgery
import pytest
import torch
from torch import nn

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    Wrong,
    build,
    check,
    counted,
    inside_no_grad,
    raises,
    sample,
    situation,
    unchanged,
)

pytestmark = pytest.mark.task("cut_layers")


class Stop(KeyboardInterrupt):
    """What Ctrl-C raises."""


def frozen(layer):
    for p in layer.parameters():
        p.requires_grad_(False)
    return layer


def linear(device):
    return build(lambda: nn.Linear(3, 3), device=device)


class Then(nn.Module):
    """A trainable layer, on what a function makes of its input."""

    def __init__(self, function):
        super().__init__()
        self.function = function
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        return self.linear(self.function(x))


def without_recording(h):
    with torch.no_grad():
        return h * 2


NOT_FOUND = (
    "an output counts as whole if it requires grad, be it for a weight's sake or its own: ask for "
    "the path from each layer's output to that layer's own input"
)

CUTS = {
    "detach": lambda h: h.detach(),
    ".data": lambda h: h.data * 2,
    "no_grad": without_recording,
    "torch.tensor(h.tolist())": lambda h: torch.tensor(h.tolist(), dtype=h.dtype, device=h.device),
    "NumPy": lambda h: torch.from_numpy(h.detach().cpu().numpy() * 2).to(h.device),
    "ones_like": torch.ones_like,
    "h.detach().requires_grad_()": lambda h: h.detach().requires_grad_(),
}


@pytest.mark.parametrize("cut", CUTS)
def test_cut_layers_finds_a_cut(cut, device):
    first, last = linear(device), linear(device)
    layers = [first, CUTS[cut], torch.tanh, last]

    x = sample((4, 3), device=device)

    with unchanged(x, first, last):
        result = gradient_surgery.cut_layers(layers, x)

    check(
        result,
        [1],
        what=f"Linear, {cut}, tanh, Linear",
        mistakes={
            NOT_FOUND: [],
            "a layer that comes after a cut is counted as cut: it gets the values, as a leaf of "
            "its own": [1, 2],
            "what comes after a cut is counted as cut": [1, 2, 3],
            "the layers that are not cut are listed": [0, 2, 3],
        },
    )


def test_cut_layers_finds_a_cut_within_a_trainable_layer(device):
    layer = build(lambda: Then(torch.detach), device=device)

    result = gradient_surgery.cut_layers(
        [torch.tanh, layer, torch.exp], sample((3,), device=device)
    )

    check(
        result,
        [1],
        what="a Linear that is applied to h.detach()",
        mistakes={NOT_FOUND: []},
    )


def test_cut_layers_finds_every_cut(device):
    cut = CUTS["detach"]
    layers = [cut, torch.tanh, CUTS["no_grad"], torch.exp, cut]

    check(
        gradient_surgery.cut_layers(layers, sample((4, 3), device=device)),
        [0, 2, 4],
        what="detach, tanh, no_grad, exp, the same detach",
        mistakes={
            "only the first cut is found": [0],
            "only the last cut is found": [4],
            "what comes after a cut is counted as cut": [0, 1, 2, 3, 4],
            "only those before which the path is whole are found": [0],
        },
    )


def test_cut_layers_knows_what_is_no_cut(device):
    w = nn.Parameter(sample((3, 3), device=device))
    layers = {
        "a frozen Linear": frozen(linear(device)),
        "the identity": lambda h: h,
        "a dead relu": lambda h: torch.relu(h - 1e3),
        "round": torch.round,
        "h + w.sum()": lambda h: h + w.sum(),
        "h * 0": lambda h: h * 0,
    }

    result = gradient_surgery.cut_layers(iter(layers.values()), sample((4, 3), device=device))

    names = list(layers)
    for index in result:
        known = isinstance(index, int) and index in range(len(names))
        name = names[index] if known else index
        zeros = ": a gradient of zeros is a gradient" if index in (2, 3, 5) else ""
        raise Wrong(f"{name!r} is not a cut{zeros}; your list is {result}")
    check(result, [], what="a list without a cut")


def test_cut_layers_lets_integers_pass(device):
    embedding = build(lambda: nn.Embedding(3, 3), device=device)
    layers = [torch.tanh, lambda h: h.argmax(-1), lambda i: i % 3, embedding, torch.exp]

    check(
        gradient_surgery.cut_layers(layers, sample((4, 3), device=device)),
        [1],
        what="tanh, argmax, % 3, Embedding, exp",
        mistakes={
            "layers whose input is of integers are counted": [1, 2, 3],
            "a layer whose input is of integers is counted": [1, 2],
            "argmax is not counted: its input is floating": [],
        },
    )
    indices = torch.tensor([2, 0], device=device)
    result = gradient_surgery.cut_layers([embedding, torch.detach], indices)
    check(result, [1], what="Embedding, detach, of integers")


def test_cut_layers_runs_each_layer_once_on_what_comes_out_of_the_last(device):
    x, seen = sample((4, 3), device=device), []
    x[0, 0], x[0, 1] = math.inf, math.nan

    def noting(layer):
        def call(h):
            seen.append(h.detach().clone())
            return layer(h)

        return counted(call)

    layers = [noting(torch.exp), noting(torch.detach), noting(torch.sin)]
    gradient_surgery.cut_layers(layers, x)

    calls = [layer.calls for layer in layers]
    assert calls == [1, 1, 1], f"each layer is to run once; they ran {calls} times"
    check(seen, [x, x.exp(), x.exp()], what="what the layers were given")


def test_cut_layers_works_inside_no_grad(device):
    x, layers = sample((4, 3), device=device), [torch.tanh, torch.detach, linear(device)]

    with inside_no_grad():
        result = gradient_surgery.cut_layers(layers, x)

    check(
        result,
        [1],
        what="inside torch.no_grad()",
        mistakes={"nothing is recorded there: switch recording on": [0, 1, 2]},
    )


@pytest.mark.parametrize("tracked", [False, True], ids=["plain", "tracked"])
def test_cut_layers_leaves_everything_as_it_was(tracked, device):
    x, layer = sample((4, 3), device=device, requires_grad=tracked), linear(device)
    for leaf in [*layer.parameters(), x]:
        leaf.grad = torch.full_like(leaf, 7) if leaf.requires_grad else None

    with unchanged(x, layer):
        result = gradient_surgery.cut_layers([layer, torch.detach, layer], x)

    check(result, [1], what="Linear, detach, the same Linear")


def test_cut_layers_lets_a_layers_error_through(device):
    def fails(h):
        raise error

    x = sample((4, 3), device=device)
    for error in (ErrorOfF(), Stop()):
        with (
            inside_no_grad(),
            raises(
                type(error),
                when="a layer raises one of its own",
                name=type(error).__bases__[0].__name__,
                advice="an except hides it",
            ),
        ):
            gradient_surgery.cut_layers([torch.tanh, fails], x)


def test_cut_layers_takes_no_error_for_a_cut(device):
    asked = []

    def fails_in_backward(h):
        out = IdentityWithoutBackward.apply(h)
        out.register_hook(asked.append)
        return out

    layers, x = [torch.tanh, fails_in_backward], sample((4, 3), device=device)

    with situation("with a layer whose backward raises an error"), contextlib.suppress(ErrorOfF):
        # Whoever asks for no gradient meets no error, and has the path all the same.
        check(
            gradient_surgery.cut_layers(layers, x),
            [],
            what="tanh, and a layer whose backward raises an error",
            mistakes={"an except takes the error for a cut: let it through": [1]},
        )
        assert not asked, "a layer's backward ran and raised an error, and an except hides it"
