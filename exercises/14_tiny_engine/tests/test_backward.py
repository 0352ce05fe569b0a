import numpy as np
import pytest
import tiny_engine
import torch

from gradkata.checks import Wrong, check, raises, situation

from .shared import (
    EXPRESSIONS,
    Logged,
    _recording,
    a_chain,
    a_ladder,
    as_leaves,
    check_after_an_error,
    check_constant,
    check_node,
    constant,
    each_expression,
    leaf,
    some,
    state_after_an_error,
    without_parents,
)

pytestmark = pytest.mark.task("backward")


def check_grad(x, expected, *, what, mistakes=None):
    if x.grad is None:
        raise Wrong(f"{what}: it is None, a Node is due")
    check_node(x.grad, expected, what=what, mistakes=mistakes)


def nodes_behind(root):
    found = [root]
    for node in found:
        found += [parent for parent in dict.fromkeys(node.parents) if parent not in found]
    return found


@each_expression
def test_backward_adds_to_the_leaves_what_torch_does(named):
    f = EXPRESSIONS[named]
    x, y, c = leaf(some((2, 3))), leaf(some((2, 3))), constant(some((2, 3)))
    cotangent = constant(some((2, 3)))
    mine = cotangent.data.copy()
    t = as_leaves(x, y)
    expected = torch.autograd.grad(f(*t, torch.tensor(c.data)), t, torch.tensor(mine))
    expected = [grad.numpy() for grad in expected]
    root = f(x, y, c)
    graph = [(node, node.parents, node.vjp) for node in nodes_behind(root)]

    check(tiny_engine.backward(root, cotangent), None, what="what backward returns")
    if any(node.parents != parents or node.vjp != vjp for node, parents, vjp in graph):
        raise Wrong("the first call changes nodes of the graph: a later call needs them again")

    check_node(cotangent, mine, what="the caller's cotangent, which is not to be changed")
    one_of_two = cotangent.data * x.data if named == "x·x + y" else None
    mistakes = {"one contribution of several is kept: they add up": one_of_two}
    check_grad(x, expected[0], what=f"x.grad for {named}", mistakes=mistakes)
    check_grad(y, expected[1], what=f"y.grad for {named}")
    written = [n for n in nodes_behind(root) if n.grad is not None and n not in (x, y)]
    if written:
        kind = "a constant" if c in written else "a node that is no leaf"
        raise Wrong(f".grad of {kind} is written: leaves that require grad alone get one")
    check_constant(x.grad, what="x.grad")
    first = x.grad.data

    with situation("called again for the same graph"):
        for _ in range(2):
            tiny_engine.backward(root, cotangent)

    check_node(cotangent, mine, what="the caller's cotangent, which is not to be changed")
    check_grad(
        x,
        3 * expected[0],
        what=f"x.grad for {named} after three calls",
        mistakes={"a call writes over what was there": expected[0]},
    )
    check_grad(y, 3 * expected[1], what=f"y.grad for {named} after three calls")
    check_node(constant(first), expected[0], what="the array that x.grad had after the first call")


def test_backward_calls_a_vjp_once_with_the_whole_cotangent_and_recording_off():
    x, g = leaf(), constant()
    inner = x * x
    long_way = inner * 2.0 * 3.0 * 5.0
    root = (inner + inner) + long_way + (inner + inner)
    log = Logged(inner)

    tiny_engine.backward(root, g)

    if len(log.seen) != 1:
        raise Wrong(
            f"the vjp of a node on several ways was called {len(log.seen)} times: wait until all "
            "contributions for it have arrived, and call it once"
        )
    check_node(
        log.seen[0],
        34.0 * g.data,
        what="the cotangent for a node on five ways",
        mistakes={
            "two uses by one node are counted as one": 32.0 * g.data,
            "two uses by a node are counted as one": 4.0 * g.data,
        },
    )
    check_constant(log.seen[0], what="the cotangent for a node on five ways")
    check(log.recording, [False], what="whether recording was on while the vjp ran")
    check(tiny_engine.GRAD_MODE.enabled, True, what="recording after backward")


def test_backward_takes_none_for_no_contribution():
    x, y, z, nought, g = leaf(), leaf(), leaf(), leaf(), constant()
    half_used, unused = x * x, z * y
    log = Logged(unused)
    picky = tiny_engine.Node.result(y.data, (half_used, y, unused), lambda g: [None, g, None])

    with situation("where a vjp returns the list [None, g, None]"):
        tiny_engine.backward(half_used * 3.0 + picky + nought * 0.0, g)

    check_grad(x, 6.0 * x.data * g.data, what="x.grad, where one of two contributions is None")
    if y.grad is None:
        raise Wrong(
            "y gets a contribution, and a node for which none arrived uses y too: y.grad is None, "
            "as if y still waited for that node"
        )
    check_grad(y, g.data, what="y.grad, where a vjp returns [None, g, None]")
    check(len(log.seen), 0, what="how often the vjp of a node without contributions was called")
    check(z.grad, None, what="z.grad, where the only contribution is None")
    check_grad(nought, 0.0, what="the .grad of a leaf whose only contribution is 0")


def test_backward_from_a_leaf_adds_the_cotangent():
    x, y, source = leaf(some((3,))), leaf(), without_parents()
    cotangent = constant(some((3,)))
    mine = cotangent.data.copy()

    for root in (x, x, source):
        tiny_engine.backward(root, cotangent)
    tiny_engine.backward(y, constant(0.0))

    check_node(cotangent, mine, what="the caller's cotangent after two calls from a leaf")
    check_grad(x, 2 * mine, what="x.grad after two calls from x itself")
    check_grad(y, 0.0, what="y.grad for the cotangent 0 from y itself")
    check(
        source.grad, None, what=".grad of a node with a vjp and without parents, which is no leaf"
    )
    x.grad = leaf(mine)
    tiny_engine.backward(x, cotangent)
    check_constant(x.grad, what="x.grad, to which was added where it required grad,")


def test_backward_without_a_cotangent_is_for_a_root_of_shape_0_alone():
    x, y, z, t = leaf(), leaf(), leaf(), leaf()

    tiny_engine.backward(x * x + y)
    for shape in ((1, 3), (1, 1), (1,)):
        v = leaf(some(shape))
        with raises(
            RuntimeError, when=f"root has shape {shape}, no cotangent", naming=[f"{shape}"]
        ):
            tiny_engine.backward(v * v)
        check(v.grad, None, what="v.grad after the error")
        check(tiny_engine.GRAD_MODE.enabled, True, what="recording after the error, on before")
    tiny_engine.backward(z)
    tiny_engine.backward(t)

    check_grad(x, 2 * x.data, what="x.grad of x·x + y without a cotangent")
    check_grad(y, 1.0, what="y.grad of x·x + y without a cotangent")
    check_grad(z, 1.0, what="z.grad from z itself without a cotangent")
    check_grad(t, 1.0, what="t.grad from t itself without a cotangent")
    if t.grad is z.grad or np.shares_memory(t.grad.data, z.grad.data):
        raise Wrong(
            "two calls without a cotangent give two leaves the same .grad: the 1 is to be a new "
            "node for each call"
        )


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("before", [True, False], ids=["on", "off"])
def test_backward_leaves_recording_as_it_was_also_on_an_error(before, error):
    x, g = leaf(), constant()
    failing = x * x
    root = failing + x
    log = Logged(failing, error=error)

    tiny_engine.GRAD_MODE.enabled = before
    tiny_engine.backward(x, constant())
    check(tiny_engine.GRAD_MODE.enabled, before, what=f"recording after backward, {before} before")
    found = state_after_an_error(lambda: tiny_engine.backward(root, g), error)

    check_after_an_error(found, error, before, raiser="a vjp")
    log.error = x.grad = None
    tiny_engine.backward(root, g)
    what = "x.grad of x·x + x, where an earlier call ended in an error of a vjp"
    check_grad(x, (2 * x.data + 1) * g.data, what=what)


@pytest.mark.parametrize(
    ("build", "paths"),
    [(lambda x: a_ladder(x, 50), 2.0**50), (lambda x: a_chain(x, 2000), 1.0)],
    ids=["2 to the 50 paths", "a chain of 2000"],
)
def test_backward_visits_each_node_of_a_long_graph_once(build, paths):
    x, cotangent = leaf(), constant()
    root = build(x)[-1]

    with situation("for a long graph"):
        tiny_engine.backward(root, cotangent)

    check_grad(x, cotangent.data * paths, what="x.grad of a long graph")
