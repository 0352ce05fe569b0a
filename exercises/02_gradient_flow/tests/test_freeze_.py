import gradient_flow
import pytest
import torch
from torch import nn

from gradkata.checks import build, check, copies, grads, raises, unchanged

pytestmark = pytest.mark.task("freeze_")


class Tree(nn.Module):
    """A module whose names resemble each other, with a weight that has two names."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3))
        self.encoder2 = nn.Linear(3, 3)
        self.old = nn.ModuleDict({"encoder": nn.Sequential(nn.Linear(3, 3))})
        self.blocks = nn.ModuleList(nn.Linear(1, 1) for _ in range(11))
        self.blocks[9].weight = self.blocks[8].weight
        self.tied = nn.Linear(3, 4)
        self.tied.weight = self.encoder[0].weight


def frozen(model):
    """Return the names of all frozen parameters, every name of a tied one among them."""
    return {n for n, p in model.named_parameters(remove_duplicate=False) if not p.requires_grad}


def listed(names):
    return ", ".join(sorted(names))


@pytest.mark.parametrize(
    ("prefix", "due"),
    [
        ("encoder2", {"encoder2.weight", "encoder2.bias"}),
        ("encoder.2", {"encoder.2.weight", "encoder.2.bias"}),
        ("old", {"old.encoder.0.weight", "old.encoder.0.bias"}),
    ],
)
def test_freezing_stops_the_gradients_of_a_submodule(prefix, due, device):
    model = build(Tree, device=device)

    gradient_flow.freeze_(model, prefix)

    left, caught = due - frozen(model), frozen(model) - due
    assert not left, f"freeze_(module, {prefix!r}) leaves {listed(left)} trainable"
    assert not caught, f"freeze_(module, {prefix!r}) freezes {listed(caught)} too"


@pytest.mark.parametrize(
    ("prefix", "due"),
    [
        ("encoder", {f"encoder.{i}.{name}" for i in (0, 2) for name in ("weight", "bias")}),
        ("blocks.1", {"blocks.1.weight", "blocks.1.bias"}),
    ],
)
def test_freezing_does_not_reach_similar_names(prefix, due, device):
    model = build(Tree, device=device)

    gradient_flow.freeze_(model, prefix)

    caught = frozen(model) - due - {"tied.weight"}
    assert not caught, (
        f"freeze_(module, {prefix!r}) freezes {listed(caught)} too: "
        "a path is met whole, name by name from its start, not as a piece of text"
    )
    left = due - frozen(model)
    assert not left, f"freeze_(module, {prefix!r}) leaves {listed(left)} trainable"


def test_freezing_reaches_a_tied_parameter_under_its_second_name(device):
    model = build(Tree, device=device)

    gradient_flow.freeze_(model, "tied")

    assert not model.tied.weight.requires_grad, (
        "freeze_(module, 'tied') leaves tied.weight trainable, which is also encoder.0.weight: "
        "named_parameters() of the whole module gives a tied parameter under its first name only; "
        "ask the submodule for its parameters"
    )
    caught = frozen(model) - {"tied.weight", "tied.bias", "encoder.0.weight"}
    assert not caught, f"freeze_(module, 'tied') freezes {listed(caught)} too"


@pytest.mark.parametrize(("prefix", "due"), [("encoder", 4), ("tied", 2), ("blocks", 21)])
def test_freezing_returns_how_many_parameters_match(prefix, due, device):
    model = build(Tree, device=device)
    submodule = model.get_submodule(prefix)
    elements = sum(p.numel() for p in submodule.parameters())
    names = len(list(submodule.named_parameters(remove_duplicate=False)))

    count = gradient_flow.freeze_(model, prefix)

    check(
        count,
        due,
        what=f"the count for {prefix!r}",
        mistakes={
            "a parameter that has two names in the submodule is counted twice": names,
            "elements are counted, and not parameters": elements,
        },
    )


def test_parameters_that_are_frozen_already_count_too(device):
    model = build(Tree, device=device)
    model.encoder[0].requires_grad_(False)

    count = gradient_flow.freeze_(model, "encoder")

    check(
        count,
        4,
        what="the count for 'encoder', half of it frozen before",
        mistakes={"only parameters that were still trainable are counted": 2},
    )


def test_stale_gradients_go_also_where_a_parameter_was_frozen_before(device):
    model = build(Tree, device=device)
    first, last = model.encoder[0].weight, model.encoder[2].weight
    first.grad, last.grad = torch.ones_like(first), torch.ones_like(last)
    ones = last.grad.clone()
    first.requires_grad_(False)

    gradient_flow.freeze_(model, "encoder")

    check(
        grads([last, first]),
        [None, None],
        what=".grad of two frozen parameters, the second of them frozen before the call",
        mistakes={
            "stale gradients are left: an optimizer would still step along them": [ones, ones.T],
            "a parameter that was frozen before keeps its stale gradient": [None, ones.T],
            "stale gradients are zeroed: set .grad to None": [0 * ones, 0 * ones.T],
        },
    )


def test_freezing_leaves_the_training_mode_alone(device):
    model = build(lambda: nn.Sequential(nn.Linear(3, 2), nn.Dropout()), device=device)

    gradient_flow.freeze_(model, "0")

    assert model[0].training, (
        "the frozen submodule was in train mode and is in eval mode afterwards: "
        "freezing concerns parameters alone"
    )


def test_freezing_leaves_everything_else_alone(device):
    model = build(Tree, device=device).eval()
    model.old.requires_grad_(False)
    before = copies(model.parameters())
    model.encoder2.weight.grad = torch.ones_like(model.encoder2.weight)

    with unchanged(model.encoder2, model.old, model.blocks):
        gradient_flow.freeze_(model, "encoder")

    check(copies(model.parameters()), before, what="the values of the parameters")


@pytest.mark.parametrize("prefix", ["enc", "encoder.7", "encoder.0.weight", "coder2"])
def test_an_unknown_path_is_a_key_error(prefix, device):
    model = build(Tree, device=device)

    with unchanged(model), raises(KeyError, when=f"no submodule is at {prefix!r}", naming=[prefix]):
        gradient_flow.freeze_(model, prefix)


def test_a_submodule_without_parameters_is_a_key_error(device):
    model = build(Tree, device=device)
    case = "the submodule at 'encoder.1', an nn.ReLU, has no parameters"

    with unchanged(model), raises(KeyError, when=case, naming=["encoder.1"]):
        gradient_flow.freeze_(model, "encoder.1")
