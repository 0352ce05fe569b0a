import pytest
import tiny_engine

from gradkata.checks import Wrong, check, situation

from .shared import _recording, a_chain, a_ladder, constant, leaf

pytestmark = pytest.mark.task("count_uses")


def named(uses, **nodes):
    """Return the counts by the names that the test gives to the nodes."""
    if not isinstance(uses, dict):
        raise Wrong(f"yours is {uses!r}, a dict from nodes to counts is due")
    names = {node: name for name, node in nodes.items()}
    return {names.get(node, "a node that root was not computed from"): uses[node] for node in uses}


def test_count_uses_counts_how_often_each_node_is_a_parent():
    x, c = leaf(), constant()
    a = x * x
    b = a * c
    d = a + b
    root = d * d
    tiny_engine.count_uses(d * x)

    uses = named(tiny_engine.count_uses(root), root=root, d=d, b=b, a=a, c=c, x=x)

    paths = {"root": 0, "d": 2, "b": 2, "a": 4, "c": 2, "x": 8}
    check(
        uses,
        {"root": 0, "d": 2, "b": 1, "a": 2, "c": 1, "x": 2},
        what="the uses in a = x*x, b = a*c, d = a + b, root = d*d",
        mistakes={
            "each user is counted once: d*d uses d twice": (
                {"root": 0, "d": 1, "b": 1, "a": 2, "c": 1, "x": 1}
            ),
            "paths from root are counted": paths,
            "paths from root, and root once, are counted": paths | {"root": 1},
            "root is counted too": {"root": 1, "d": 2, "b": 1, "a": 2, "c": 1, "x": 2},
        },
    )


def test_count_uses_of_a_leaf_is_0():
    x = leaf()
    before = vars(x).copy()
    mine = tiny_engine.count_uses(x)

    if vars(x) != before:
        raise Wrong("the node has other attributes than before: count_uses changes none")
    check(named(mine, x=x), {"x": 0}, what="the uses of a leaf")
    mine[x] = 7
    again = tiny_engine.count_uses(x)
    check(
        named(again, x=x),
        {"x": 0},
        what="the uses of a leaf, where the caller wrote 7 into an earlier dict",
        mistakes={"the same dict is given again: a new one is due for each call": {"x": 7}},
    )
    if again is mine:
        raise Wrong("the same dict is given again, emptied: a new one is due for each call")


def test_count_uses_visits_each_node_once():
    ladder = a_ladder(leaf(), 60)

    uses = tiny_engine.count_uses(ladder[-1])

    counts = [uses.get(node) for node in ladder]
    check(counts, [2] * 60 + [0], what="the uses in 60 sums of a node with itself")


def test_count_uses_takes_a_long_chain():
    chain = a_chain(leaf(), 2000)

    with situation("for a chain of 2000 nodes"):
        uses = tiny_engine.count_uses(chain[-1])

    check(sum(uses.values()), 2000, what="all uses in a chain of 2000 nodes")
