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
    check_constant,
    check_node,
    constant,
    each_expression,
    leaf,
    some,
    state_after_an_error,
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

    check(tiny_engine.backward(root, cotangent), None, what="what backward returns")

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
    root = inner + long_way + inner
    log = Logged(inner)

    tiny_engine.backward(root, g)

    if len(log.seen) != 1:
        raise Wrong(
            f"the vjp of a node on several ways was called {len(log.seen)} times: wait until all "
            "contributions for it have arrived, and call it once"
        )
    check_node(log.seen[0], 32.0 * g.data, what="the cotangent for a node on three ways")
    check_constant(log.seen[0], what="the cotangent for a node on three ways")
    check(log.recording, [False], what="whether recording was on while the vjp ran")
    check(tiny_engine.GRAD_MODE.enabled, True, what="recording after backward")


def test_backward_takes_none_for_no_contribution():
    x, y, z, g = leaf(), leaf(), leaf(), constant()
    half_used, unused = x * x, z * z
    log = Logged(unused)
    picky = tiny_engine.Node.result(y.data, (half_used, y, unused), lambda g: (None, g, None))

    with situation("where a vjp returns None for a parent"):
        tiny_engine.backward(half_used * 3.0 + picky, g)

    check_grad(x, 6.0 * x.data * g.data, what="x.grad, where one of two contributions is None")
    check_grad(y, g.data, what="y.grad, where a vjp returns (None, g, None)")
    check(len(log.seen), 0, what="how often the vjp of a node without contributions was called")
    check(z.grad, None, what="z.grad, where the only contribution is None")


def test_backward_from_a_leaf_adds_the_cotangent():
    x, cotangent = leaf(some((3,))), constant(some((3,)))
    mine = cotangent.data.copy()

    for _ in range(2):
        tiny_engine.backward(x, cotangent)

    check_node(cotangent, mine, what="the caller's cotangent after two calls from a leaf")
    check_grad(x, 2 * mine, what="x.grad after two calls from x itself")


def test_backward_without_a_cotangent_is_for_a_root_of_shape_0_alone():
    x, y, v = leaf(), leaf(), leaf(some((1, 3)))
    root, of_several = x * x + y, v * v

    tiny_engine.backward(root)
    with raises(RuntimeError, when="root has shape (1, 3), no cotangent", naming=["(1, 3)"]):
        tiny_engine.backward(of_several)

    check_grad(x, 2 * x.data, what="x.grad of x·x + y without a cotangent")
    check_grad(y, 1.0, what="y.grad of x·x + y without a cotangent")
    check(v.grad, None, what="v.grad after the error")


@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt])
@pytest.mark.parametrize("before", [True, False], ids=["on", "off"])
def test_backward_leaves_recording_as_it_was_also_on_an_error(before, error):
    x = leaf()
    root = x * x
    Logged(root, error=error)

    tiny_engine.GRAD_MODE.enabled = before
    tiny_engine.backward(x, constant())
    check(tiny_engine.GRAD_MODE.enabled, before, what=f"recording after backward, {before} before")
    found = state_after_an_error(lambda: tiny_engine.backward(root, constant()), error)

    what = f"after a {error.__name__} of a vjp, with recording {before} before"
    check(found, ("raised", before), what=what)


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
