import re
from collections import Counter
from itertools import chain, permutations, product

import debugging
import pytest
import torch

from gradkata.checks import sample, situation, unchanged

from .shared import a_leaf, name_of, nodes_behind, producers

pytestmark = pytest.mark.task("graph_mermaid")


NAMED = r'(\w+)(?:\["([^"]*)"\])?'


NODE, ARROW = re.compile(NAMED), re.compile(rf"{NAMED}\s*-->\s*{NAMED}")


def parsed(text):
    """Return the name of each id, and the pairs of ids that arrows join."""
    assert isinstance(text, str), f"yours is a {type(text).__name__}, a str is due"
    first, *lines = [line.strip().removesuffix(";") for line in text.strip().splitlines() or [""]]
    assert first == "flowchart TD", f"the first line is {first!r}: let it be 'flowchart TD'"
    names, arrows = {}, []
    for line in filter(None, lines):
        match = NODE.fullmatch(line) or ARROW.fullmatch(line)
        assert match, (
            f'the line {line!r} is neither id["Name"] nor user --> producer; '
            "a quotation mark within a name is written #quot;"
        )
        for identity, name in zip(match.groups()[::2], match.groups()[1::2], strict=True):
            known = names.setdefault(identity, name)
            assert None in (known, name) or known == name, (
                f"the id {identity} stands for {known!r} and for {name!r}: "
                "give each node an id of its own"
            )
            names[identity] = name if known is None else known
        arrows += [match.group(1, 3)] if match.re is ARROW else []
    nameless = [identity for identity, name in names.items() if name is None]
    assert not nameless, (
        f'the id {nameless[0]} has no name: give it a line {nameless[0]}["Name"], with the name of '
        "its node"
    )
    return {identity: name.rpartition("::")[2] for identity, name in names.items()}, arrows


def label_of(node):
    shape = f" {tuple(node.variable.shape)}" if name_of(node) == "AccumulateGrad" else ""
    return name_of(node).replace('"', "#quot;") + shape


def arrows_behind(y):
    return [(user, producer) for user in nodes_behind(y) for producer in producers(user)]


def check_mermaid(text, y):
    """Compare names and arrows, by name, and then ask whether ids can be matched with nodes."""
    names, arrows = parsed(text)
    yours, due = Counter(names.values()), Counter(map(label_of, nodes_behind(y)))
    for name in due | yours:
        assert yours[name] == due[name], (
            f"{counted_nodes(yours[name])} the name {name!r}, {due[name]} should; "
            f"the names in the graph are {', '.join(sorted(due.elements()))}"
        )
    drawn = Counter((names[user], names[producer]) for user, producer in arrows)
    true = Counter((label_of(user), label_of(producer)) for user, producer in arrows_behind(y))
    assert drawn == true or drawn != Counter({(b, a): n for (a, b), n in true.items()}), (
        "every arrow points the wrong way: write user --> producer, the way that gradients flow"
    )
    for pair in true | drawn:
        assert drawn[pair] == true[pair], (
            f"{' --> '.join(pair)} is drawn {times(drawn[pair])}; the entries of next_functions "
            f"ask for it {times(true[pair])}"
        )
    assert can_be_matched(names, arrows, y), (
        "the names are right, but the arrows join other nodes of these names than those in the "
        "graph: give each node an id of its own, and use it in every arrow"
    )


def counted_nodes(number):
    return "1 node has" if number == 1 else f"{number or 'no'} nodes have"


def times(number):
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def can_be_matched(names, arrows, y):
    """Tell whether ids and nodes can be paired so that names and arrows agree."""
    nodes = nodes_behind(y)
    labels = list(dict.fromkeys(names.values()))
    ids = [[i for i, name in names.items() if name == label] for label in labels]
    orders = [permutations([n for n in nodes if label_of(n) == label]) for label in labels]
    due, flat = Counter(arrows_behind(y)), list(chain.from_iterable(ids))
    pairings = (
        dict(zip(flat, chain.from_iterable(order), strict=True)) for order in product(*orders)
    )
    return any(Counter((pair[u], pair[p]) for u, p in arrows) == due for pair in pairings)


def test_a_chain_has_its_names_and_arrows(device):
    x = a_leaf((2, 3), device)
    y = x.exp().sin().sum()

    with unchanged(x):
        text = debugging.graph_mermaid(y)

    check_mermaid(text, y)


@pytest.mark.parametrize("shape", [(), (3,), (4, 1)], ids=str)
def test_a_leaf_is_named_with_its_shape(shape, device):
    y = a_leaf(shape, device).exp()

    check_mermaid(debugging.graph_mermaid(y), y)


@pytest.mark.parametrize("leaf", [False, True], ids=["no grad", "leaf"])
def test_without_a_graph_there_is_the_first_line_alone(leaf, device):
    y = sample((4, 3), device=device, requires_grad=leaf)

    names, _ = parsed(debugging.graph_mermaid(y))

    assert not names, (
        f"y.grad_fn is None, and yet {', '.join(names.values())} is drawn: "
        "leave it at the line 'flowchart TD'"
    )


def test_an_operand_without_a_graph_is_not_drawn(device):
    y = sample((4, 3), device=device) * a_leaf((4, 3), device)

    with situation("on a node whose next_functions hold None, as those of constant * x do"):
        text = debugging.graph_mermaid(y)

    check_mermaid(text, y)


def test_a_square_has_two_arrows_to_the_same_node(device):
    a = a_leaf((2, 3), device).exp()
    y = a * a

    check_mermaid(debugging.graph_mermaid(y), y)


def test_a_node_that_two_others_use_is_drawn_once(device):
    # The two have one node, which has made both.
    first, second = a_leaf((2, 3), device).exp().unbind()
    y = first.sin() + first.cos() * second

    check_mermaid(debugging.graph_mermaid(y), y)


def test_nodes_of_one_name_are_kept_apart(device):
    x, w = a_leaf((2, 3), device), a_leaf((2, 3), device)
    y = (x.exp().exp() * w).sin().exp() + w.exp() * x

    check_mermaid(debugging.graph_mermaid(y), y)


def test_a_name_like_a_leafs_is_no_leafs_and_its_quotation_marks_are_escaped(device):
    quoting = type(
        'AccumulateGrad"s"',
        (torch.autograd.Function,),
        {
            "forward": staticmethod(lambda ctx, x: x.clone()),
            "backward": staticmethod(lambda ctx, grad_output: grad_output),
        },
    )
    y = quoting.apply(a_leaf((2, 3), device))

    with situation(f"on a node of the name {y.grad_fn.name()}, which is not that of a leaf"):
        text = debugging.graph_mermaid(y)

    check_mermaid(text, y)
