import contextlib
import weakref

import pytest
import tiny_engine

from gradkata.checks import Wrong, check, raises, situation

from .shared import (
    _recording,
    a_chain,
    a_ladder,
    by_paths,
    check_node,
    constant,
    leaf,
    some,
    without_collector,
    without_parents,
)

pytestmark = pytest.mark.task("free_graph_")


def still_works(node):
    with contextlib.suppress(RuntimeError, TypeError):
        return bool(node.vjp(constant(node.data)))
    return False


def check_freed(node, *, what):
    if node.parents and still_works(node):
        raise Wrong(f"{what} has its parents and its vjp still: the walk passes it by")
    if not isinstance(node.parents, tuple):
        raise Wrong(f"parents of {what} is a {type(node.parents).__name__}: () is due")
    if node.parents != ():
        count = f"{len(node.parents)} parent{'s' * (len(node.parents) != 1)}"
        raise Wrong(f"{what} has {count}: () is due, and lets their data go")
    if node.vjp is None:
        raise Wrong(
            f"{what} has no vjp any more: that makes a leaf of it, and backward says nothing"
        )
    when = f"the vjp of {what} is called"
    advice = "let it raise, so that nobody takes the silence for a gradient"
    with raises(RuntimeError, when=when, naming=["second time"], advice=advice):
        node.vjp(constant(node.data))


def error_of(node):
    with pytest.raises(RuntimeError) as caught:
        node.vjp(constant(node.data))
    return caught.value


def test_free_graph_leaves_errors_in_place_of_the_graph():
    x, c, source = leaf(some((3,))), constant(some((3,))), without_parents()
    inner = x * c
    twin = tiny_engine.Node.result(inner.data, (inner,), lambda g: (g,))
    second = x * source
    root = twin + second
    x.grad, inner.grad, root.grad = grads = [constant(), constant(), constant()]
    values = [node.data.copy() for node in (x, c, root, inner)]
    versions = [node.version for node in (x, inner, root)]

    check(tiny_engine.free_graph_(root), None, what="what free_graph_ returns")

    check_freed(root, what="root")
    check_freed(twin, what="a node between root and the leaves")
    check_freed(second, what="the second of root's parents")
    check_freed(inner, what="a node behind one that has its array")
    check_freed(source, what="a node with a vjp and without parents")
    names = ("x", "a constant", "root", "a node between root and the leaves")
    for name, node, value in zip(names, (x, c, root, inner), values, strict=True):
        check_node(node, value, what=f"the value of {name}, which stays")
    check(
        [node.requires_grad for node in (x, inner, root)],
        [True, True, True],
        what="requires_grad of a leaf, a node between, and root",
        mistakes={
            "requires_grad is switched off, so that later operations lose their gradient": (
                [True, False, False]
            )
        },
    )
    if [x.vjp, c.vjp] != [None, None]:
        raise Wrong("a leaf has a vjp now: leaves stay as they are")
    if any(n.version is not v for n, v in zip((x, inner, root), versions, strict=True)):
        raise Wrong("a node has another Version now: it stays, as the values do")
    counts = [version.count for version in versions]
    check(counts, [0] * 3, what="the version.count of a leaf, a node between and root, 0 before")
    if any(n.grad is not g for n, g in zip((x, inner, root), grads, strict=True)):
        raise Wrong("a .grad was changed: it stays as it is")


def test_free_graph_is_no_error_for_leaves_and_a_second_time():
    x = leaf()
    root = x * x

    with situation("for a leaf"):
        tiny_engine.free_graph_(x)
    with situation("called twice"):
        tiny_engine.free_graph_(root)
        tiny_engine.free_graph_(root)

    check_freed(root, what="root after two calls")
    errors = [error_of(root), error_of(root)]
    if errors[0] is errors[1]:
        raise Wrong(
            "the vjp raises one error object each time, which keeps alive who called the vjp "
            "before: make a new one in each call"
        )
    check([x.requires_grad, x.vjp is None], [True, True], what="a leaf that requires grad, no vjp")


def test_free_graph_ends_the_way_back_of_a_graph_that_shares_a_part():
    x, cotangent = leaf(), constant()
    shared = x * x
    root, sibling = shared * 2.0, shared * -3.0
    way_back = sibling.vjp

    tiny_engine.free_graph_(root)

    if sibling.vjp is not way_back or sibling.parents != (shared,):
        raise Wrong("a node that root was not computed from is changed: it stays as it is")
    (part,) = sibling.vjp(cotangent)
    check_node(part, -3.0 * cotangent.data, what="the sibling's own vjp")
    with raises(RuntimeError, when="a sibling's way back comes to the freed part"):
        by_paths(sibling, x, cotangent)


def test_free_graph_frees_at_once_what_nobody_else_has():
    with without_collector():
        x = leaf()
        root = (x * x + x * 2.0) * 3.0
        between = [weakref.ref(node) for node in (*root.parents, *root.parents[0].parents)]

        tiny_engine.free_graph_(root)

        alive = [reference for reference in between if reference() is not None]
        of_root = weakref.ref(root)
        del root
        root_is_alive = of_root() is not None

    if alive:
        raise Wrong(
            f"{len(alive)} of 3 nodes between root and the leaves are still alive while root is: "
            "let the vjp that raises hold no node"
        )
    if root_is_alive:
        raise Wrong("without users root is still alive: let the vjp that raises hold no node")


def test_free_graph_visits_each_node_of_a_long_graph_once():
    chain = a_chain(leaf(), 2000)
    ladder = a_ladder(chain[0], 60)

    with situation("for a chain of 2000 nodes"):
        tiny_engine.free_graph_(chain[-1])
    with situation("for a graph of 2⁶⁰ paths"):
        tiny_engine.free_graph_(ladder[-1])

    check_freed(chain[1], what="the last node of a chain")
    check_freed(ladder[1], what="the last node behind 2⁶⁰ paths")
