from types import MappingProxyType

import forward_mode
import pytest
import torch
from torch import nn

from gradkata.checks import (
    ErrorOfF,
    Wrong,
    build,
    check,
    forbid,
    raises,
    sample,
    situation,
    stale_memory,
    unchanged,
)

from .shared import REVERSE, comes_through, moved

pytestmark = pytest.mark.task("model_jvp")


forward_only = forbid(*REVERSE, reason="let the parameters move forward, through functional_call")


class Tied(nn.Module):
    """Two layers that share a weight, and parts of its own; the first bias is frozen."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 3)
        self.second.weight = self.first.weight
        self.first.bias.requires_grad_(False)
        self.scale = nn.Parameter(torch.ones(3))
        self.register_buffer("mixing", torch.eye(3))
        self.runs = 0
        self.fails = None

    def forward(self, x):
        self.runs += 1
        if self.fails:
            raise self.fails
        if not torch.is_grad_enabled():
            raise Wrong("the model runs with recording switched off: detach what comes out instead")
        return self.scale * self.second(self.first(x @ self.mixing).tanh())


def direction(model, names):
    """Return a random tangent for each of these parameters, in a mapping that is no dict."""
    parameters = {name: model.get_parameter(name) for name in names}
    return MappingProxyType(
        {name: sample(p.shape, device=p.device, dtype=p.dtype) for name, p in parameters.items()}
    )


def by_torch(model, tangents, x, **options):
    """Return the output and how it moves, by torch.func.jvp over functional_call."""
    parameters = {name: p.detach() for name, p in model.named_parameters()}

    def output(*moving):
        now = parameters | dict(zip(tangents, moving, strict=True))
        return torch.func.functional_call(model, now, (x.detach(),), **options)

    if not tangents:
        return output(), torch.zeros_like(output())
    return moved(output, [parameters[name] for name in tangents], tangents.values())


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["first.weight"], "where a weight moves that two layers share"),
        (["first.bias", "scale"], "where a frozen parameter and one of the model itself move"),
        ([], "where nothing moves"),
    ],
    ids=["tied", "frozen", "none"],
)
def test_model_jvp_moves_the_named_parameters_alone(names, words, device):
    model = build(Tied, device=device)
    x = sample((5, 3), device=device, requires_grad=True)
    tangents = direction(model, names)
    order = [name for name, _ in model.named_parameters()]

    with (
        situation(f"{words}, given in a mapping that is no dict"),
        unchanged(model, x, *tangents.values()),
        stale_memory(),
        forward_only,
    ):
        result = forward_mode.model_jvp(model, tangents, x)

    if [name for name, _ in model.named_parameters()] != order:
        raise Wrong(f"{words}, named_parameters gives the parameters in another order afterwards")
    assert model.runs == 1, f"the model runs {model.runs} times: one run gives both"
    value, tangent = (t.detach() for t in by_torch(model, tangents, x))
    check(
        result,
        (value, tangent),
        what=f"the output and how it moves, {words}",
        mistakes={
            "a shared weight moves in one of its places only": lambda: by_torch(
                model, tangents, x, tie_weights=False
            ),
            "the two are swapped: the output comes first": (tangent, value),
        },
    )


def test_model_jvp_works_in_float32(device):
    model = build(lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh()), device=device).float()
    x = sample((5, 3), device=device, dtype=torch.float32)
    tangents = direction(model, ["0.weight", "0.bias"])

    with torch.no_grad(), unchanged(model), forward_only:
        result = forward_mode.model_jvp(model, tangents, x)

    expected = tuple(t.detach() for t in by_torch(model, tangents, x))
    what = "the output and how it moves, in float32, called inside torch.no_grad()"
    check(result, expected, what=what, rtol=1e-5)


def test_model_jvp_names_what_the_model_does_not_have(device):
    model, x = build(Tied, device=device), sample((5, 3), device=device)
    known, zeros = direction(model, ["first.bias"]), torch.zeros_like(model.first.weight)

    for name in ("third.weight", "second.weight", "mixing"):
        when = f"the model has no parameter {name!r}"
        with raises(KeyError, when=when, naming=[name]), forward_only:
            forward_mode.model_jvp(model, known | {name: zeros}, x)


class ErrorOfTheModel(ErrorOfF, KeyError):
    """Is what functional_call raises, and what a name that is not there does."""


@pytest.mark.parametrize("error", [ErrorOfTheModel, KeyboardInterrupt])
def test_model_jvp_lets_an_error_of_the_model_through(error, device):
    model, x = build(Tied, device=device), sample((5, 3), device=device)
    model.fails = error

    kind = "a RuntimeError that is a KeyError too"
    with unchanged(model), comes_through(error, kind=kind), forward_only:
        forward_mode.model_jvp(model, direction(model, ["first.weight"]), x)
