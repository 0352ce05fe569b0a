from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import debugging
import pytest
import torch

from gradkata.checks import check, sample, situation, unchanged

from .shared import a_leaf, name_of, nodes_behind, producers

pytestmark = pytest.mark.task("graph_nodes")


def walk(node):
    """Return the names along each path: a node once for each path that leads to it."""
    return [name_of(node), *(name for p in producers(node) for name in walk(p))]


def depth_first(y):
    """Return the names in preorder, each node once."""
    order, stack = {}, [y.grad_fn]
    while stack:
        node = stack.pop()
        if node not in order:
            order[node] = name_of(node)
            stack += reversed(producers(node))
    return list(order.values())


def bare(names):
    """Take the optional namespace off each name."""
    if not isinstance(names, list | tuple):
        return names
    return [name.rpartition("::")[2] if isinstance(name, str) else name for name in names]


def test_a_chain_is_listed_from_its_end(device):
    x = a_leaf((4, 3), device)
    y = x.exp().sin().sum()
    due = ["SumBackward0", "SinBackward0", "ExpBackward0", "AccumulateGrad"]

    with unchanged(x):
        names = debugging.graph_nodes(y)

    check(
        bare(names),
        due,
        what="the nodes of x.exp().sin().sum()",
        mistakes={
            "producers come before their users": due[::-1],
            "the node of the leaf, AccumulateGrad, is left out": due[:-1],
        },
    )


@pytest.mark.parametrize("leaf", [False, True], ids=["no grad", "leaf"])
def test_a_tensor_without_a_graph_has_no_nodes(leaf, device):
    y = sample((4, 3), device=device, requires_grad=leaf)

    check(debugging.graph_nodes(y), [], what="the nodes of a tensor whose grad_fn is None")


def test_an_operand_without_a_graph_has_no_node(device):
    x, constant = a_leaf((4, 3), device), sample((4, 3), device=device)

    with situation("on a node whose next_functions hold None, as those of x * constant do"):
        names = debugging.graph_nodes(constant * x)

    check(bare(names), ["MulBackward0", "AccumulateGrad"], what="the nodes of constant * x")


@pytest.mark.parametrize(
    "f",
    [
        lambda h: h * h.sin(),
        lambda h: h.sin() * h,
        lambda h: h.sin().cos() * h,
        lambda h: h * h.sin().cos(),
        lambda h: torch.stack([h, h, h.sin()]),
        lambda h: torch.stack([h.sin(), h, h]),
    ],
    ids=["short first", "short last", "long first", "long last", "twice first", "twice last"],
)
def test_a_node_comes_once_and_after_all_of_its_users(f, device):
    y = f(a_leaf((4, 3), device).exp())
    (due,) = {tuple(map(name_of, order)) for order in orders(y)}

    names = debugging.graph_nodes(y)

    # Each mistake gives a list only in some of the cases; what is right in a case is passed over.
    check(
        bare(names),
        list(due),
        what="the nodes of what two functions of h = x.exp(), one of them h itself, are put into",
        mistakes={
            "a node is listed once for every path that leads to it": walk(y.grad_fn),
            "a node is listed when it is first seen, breadth first: wait for all of its users": [
                name_of(node) for node in nodes_behind(y)
            ],
            "a node is listed when it is first seen, depth first: wait for all of its users": (
                depth_first(y)
            ),
        },
    )


def orders(y):
    """Return each order of the nodes of a small graph in which users come first."""
    nodes = nodes_behind(y)
    return [
        order
        for order in permutations(nodes)
        if all(order.index(u) < order.index(p) for u in nodes for p in producers(u))
    ]


def test_a_node_with_several_outputs_comes_once(device):
    first, second = a_leaf((2, 3), device).unbind()

    names = debugging.graph_nodes(first * second)

    check(
        bare(names),
        ["MulBackward0", "UnbindBackward0", "AccumulateGrad"],
        what="the nodes of the product of two rows, made by one unbind",
        mistakes={
            "a node is listed once for each of its outputs": [
                *("MulBackward0", "UnbindBackward0"),
                *("UnbindBackward0", "AccumulateGrad"),
            ],
        },
    )


def test_the_order_holds_for_a_graph_that_was_built_in_two_threads(device):
    # Each thread numbers the nodes that it makes from 0: the numbers tell no order between two.
    h = a_leaf((4, 3), device).exp().cos()
    with ThreadPoolExecutor(1) as pool:
        y = pool.submit(torch.sin, h).result()

    names = debugging.graph_nodes(y)

    check(
        bare(names),
        ["SinBackward0", "CosBackward0", "ExpBackward0", "AccumulateGrad"],
        what="the nodes of a graph whose last node was made in another thread",
        mistakes={
            "nodes are sorted by _sequence_nr, which each thread counts for itself": [
                *("AccumulateGrad", "CosBackward0"),
                *("ExpBackward0", "SinBackward0"),
            ],
            "nodes are sorted by _sequence_nr, leaves last, but each thread counts for itself": [
                *("CosBackward0", "ExpBackward0"),
                *("SinBackward0", "AccumulateGrad"),
            ],
        },
    )


def test_any_order_is_right_that_puts_users_first(device):
    x, w = a_leaf((4, 3), device), a_leaf((4, 3), device)
    a, b = x.exp(), (x * w).exp()
    y = (a.sin() * b + b.sin() * a).sum()
    nodes = nodes_behind(y)

    names = bare(debugging.graph_nodes(y))

    assert Counter(names) == Counter(map(name_of, nodes)), (
        f"the nodes are {', '.join(sorted(map(name_of, nodes)))}; "
        f"yours are {', '.join(sorted(names))}"
    )
    broken = first_out_of_order(names, nodes)
    assert broken is None, (
        f"position {broken} of {', '.join(names)}: {names[broken]} is listed there, and every node "
        "of that name that is still to come has a user further down: "
        "list a node after all of its users"
    )


def first_out_of_order(names, nodes):
    """Return the first position at which no node of that name has had all its users, or None."""
    users = {node: {user for user in nodes if node in producers(user)} for node in nodes}
    listed = {frozenset()}  # every set of nodes that the names so far may stand for
    for position, name in enumerate(names):
        listed = {
            before | {node}
            for before in listed
            for node in nodes
            if node not in before and name_of(node) == name and users[node] <= before
        }
        if not listed:
            return position
    return None


def test_a_chain_of_ten_thousand_nodes_is_listed(device):
    y = a_leaf((), device)
    for _ in range(10_000):
        y = -y

    with situation("on a chain of 10,000 nodes"):
        names = debugging.graph_nodes(y)

    assert len(names) == 10_001, (
        f"a chain of 10,000 nodes and the leaf make 10,001 names, yours are {len(names)}"
    )
