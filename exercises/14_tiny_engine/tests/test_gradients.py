import pytest
import tiny_engine
import torch

from gradkata.checks import Wrong, check, situation

from .shared import (
    EXPRESSIONS,
    Logged,
    _recording,
    a_chain,
    a_ladder,
    as_leaves,
    by_paths,
    check_after_an_error,
    check_constant,
    check_node,
    constant,
    each_expression,
    leaf,
    recording_off,
    some,
    state_after_an_error,
)

pytestmark = pytest.mark.task("gradients")


def called(root, inputs, cotangent, **options):
    """Return what gradients gives; there must be as many as inputs."""
    found = tiny_engine.gradients(root, inputs, cotangent, **options)
    if not isinstance(found, list) or len(found) != len(inputs):
        raise Wrong(f"yours is {found!r}: a list of {len(inputs)} is due, one for each input")
    return found


@each_expression
def test_gradients_are_torchs_and_write_no_grad(named):
    f = EXPRESSIONS[named]
    x, y, c = leaf(some((2, 3))), leaf(some((2, 3))), constant(some((2, 3)))
    cotangent, earlier = constant(some((2, 3))), constant(some((2, 3)))
    mine = cotangent.data.copy()
    t = as_leaves(x, y)
    expected = torch.autograd.grad(f(*t, torch.tensor(c.data)), t, torch.tensor(mine))
    root = f(x, y, c)
    x.grad = earlier

    for_y, for_x = called(root, (y, x), cotangent)

    check_node(cotangent, mine, what="the caller's cotangent, which is not to be changed")
    one_of_two = mine * x.data if named == "x·x + y" else None
    mistakes = {"one contribution of several is kept: they add up": one_of_two}
    check_node(for_x, expected[0], what=f"the gradient for x of {named}", mistakes=mistakes)
    check_node(for_y, expected[1], what=f"the gradient for y of {named}")
    for node in (for_x, for_y):
        check_constant(node, what="a gradient without create_graph")
    if x.grad is not earlier or y.grad is not None:
        raise Wrong("gradients writes to .grad: it only returns")


@pytest.mark.parametrize("named", ["x·x + y", "a·a + a, a = x·y", "3·(x + 2)·(x + 2)·y"])
def test_gradients_can_be_differentiated_again_whatever_recording_was(named):
    f = EXPRESSIONS[named]
    x, y, c = leaf(some((3,))), leaf(some((3,))), constant(some((3,)))
    g, outer = leaf(some((3,))), constant(some((3,)))
    *t, tg = as_leaves(x, y, g)
    (first,) = torch.autograd.grad(f(*t, torch.tensor(c.data)), t[0], tg, create_graph=True)
    v = torch.tensor(outer.data)
    wanted = torch.autograd.grad(first, (*t, tg), v, allow_unused=True, materialize_grads=True)
    root = f(x, y, c)

    with recording_off(), situation("with create_graph=True while recording is off"):
        for_x, for_y = called(root, [x, y], g, create_graph=True)
        _, for_inner = called(root, [y, root.parents[0]], g, create_graph=True)
        still_off = not tiny_engine.GRAD_MODE.enabled

    check(still_off, True, what="whether recording is off afterwards, as it was found")
    check_node(for_x, first, what=f"the gradient for x of {named}")
    if not for_x.requires_grad:
        raise Wrong(
            "with create_graph=True, while recording is off, the gradient is not recorded: "
            "switch recording on for the vjps and the sums, and make the sums by + of nodes"
        )
    for name, node, due in zip(("x", "y", "the cotangent"), (x, y, g), wanted, strict=True):
        found = by_paths(for_x, node, outer)
        if found is None and due.any():
            raise Wrong(
                f"with create_graph=True, the gradient for x of {named} is recorded, but does not "
                f"lead to {name}: hand on the nodes themselves, not copies of their values"
            )
        found = found or constant(0.0 * outer.data)
        check_node(found, due, what=f"the second derivative of {named}, for x and then for {name}")
    if not (for_y.requires_grad and for_inner.requires_grad):
        raise Wrong(
            "with create_graph=True, of the gradients for two inputs not all are recorded: each "
            "is to have its graph, that for a node between root and the leaves too"
        )


def test_gradients_of_gradients_of_gradients():
    x = leaf()
    one = constant(1.0)
    y = x * x * x

    for order, expected in enumerate([3 * x.data**2, 6 * x.data, 6.0], start=1):
        with situation(f"differentiated for the {order}. time"):
            (y,) = called(y, [x], one, create_graph=True)
        check_node(y, expected, what=f"derivative {order} of x³")


def test_gradients_call_the_vjps_that_lead_to_an_input_alone():
    x, y = leaf(), leaf()
    nodes = {"a = x·2": x * 2.0, "b = y·3": y * 3.0}
    a, b = nodes.values()
    nodes["c = a·b"] = c = a * b
    nodes["d = b·b"] = d = b * b
    nodes["root = c + d"] = c + d
    logs = {name: Logged(node) for name, node in nodes.items()}
    root = nodes["root = c + d"]
    seen = []

    for inputs in ([x], [a], [b], [root], [a, x]):
        called(root, inputs, constant())
        seen.append([name for name, log in logs.items() for _ in log.seen])
        for log in logs.values():
            log.seen.clear()

    to_x = ["a = x·2", "c = a·b", "root = c + d"]
    check(
        seen,
        [to_x, to_x[1:], ["c = a·b", "d = b·b", "root = c + d"], [], to_x],
        what="the vjps called for the inputs [x], [a], [b], [root] and [a, x]",
        mistakes={
            "the whole graph is gone through": [list(nodes)] * 5,
            "an input's own vjp is called, though no input stands behind it": (
                [to_x, to_x, list(nodes)[1:], ["root = c + d"], to_x]
            ),
            "the way back ends at an input, though another lies behind it": (
                [to_x, to_x[1:], ["c = a·b", "d = b·b", "root = c + d"], [], to_x[1:]]
            ),
            "leaves alone are taken for inputs": [to_x, [], [], [], to_x],
            "an earlier call's inputs still count": (
                [to_x, to_x, *[["a = x·2", "c = a·b", "d = b·b", "root = c + d"]] * 3]
            ),
        },
    )


def test_gradients_take_any_node_any_number_of_times():
    x, y, stranger, nought, g = leaf(), leaf(), leaf(), leaf(), constant()
    a = x * y
    unreached = stranger * a
    nothing = tiny_engine.Node.result(y.data, (unreached, a), lambda g: [None, None])
    root = a * a + nothing * 2.0 + nought * 0.0

    with situation("where a vjp returns the list [None, None]"):
        found = called(root, [root, a, x, leaf(), a, nothing, stranger, nought], g)

    for_a = 2 * a.data * g.data
    check_node(found[0], g.data, what="the gradient for root itself")
    check_node(found[1], for_a, what="the gradient for an inner node")
    check_node(found[2], for_a * y.data, what="the gradient for a leaf behind another input")
    check(found[3], None, what="the gradient for what root does not use")
    check_node(found[4], for_a, what="the gradient for an input that comes a second time")
    check_node(found[5], 2 * g.data, what="the gradient for another inner node")
    check(found[6], None, what="the gradient behind a node whose only contribution is None")
    check_node(found[7], 0.0, what="the gradient where the only contribution is 0")


@pytest.mark.parametrize("create_graph", [True, False])
def test_gradients_call_a_vjp_once_with_the_whole_cotangent(create_graph):
    x, g = leaf(), constant()
    inner = x * x
    long_way = inner * 2.0 * 3.0 * 5.0
    root = (inner + inner) + long_way + (inner + inner)
    log = Logged(inner)

    called(root, [x], g, create_graph=create_graph)

    if len(log.seen) != 1:
        raise Wrong(
            f"the vjp of a node on several ways was called {len(log.seen)} times: wait until all "
            "contributions for it have arrived, and call it once"
        )
    check_node(log.seen[0], 34.0 * g.data, what="the cotangent for a node on five ways")
    what = f"whether recording was on while the vjp ran, with create_graph={create_graph}"
    check(log.recording, [create_graph], what=what)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("create_graph", [True, False])
def test_gradients_leave_recording_as_it_was_also_on_an_error(create_graph, error):
    x, g = leaf(), constant()
    failing = x * x
    root = failing + x
    log = Logged(failing)
    before = not create_graph

    tiny_engine.GRAD_MODE.enabled = before
    called(root, [x], g, create_graph=create_graph)
    check(tiny_engine.GRAD_MODE.enabled, before, what=f"recording afterwards, {before} before")
    log.error = error
    found = state_after_an_error(lambda: called(root, [x], g, create_graph=create_graph), error)

    check_after_an_error(found, error, before, raiser="a vjp")
    log.error = None
    (for_x,) = called(root, [x], g)
    what = "the gradient of x·x + x, where an earlier call ended in an error of a vjp"
    check_node(for_x, (2 * x.data + 1) * g.data, what=what)


@pytest.mark.parametrize(
    ("build", "paths"),
    [(lambda x: a_ladder(x, 50), 2.0**50), (lambda x: a_chain(x, 2000), 1.0)],
    ids=["2 to the 50 paths", "a chain of 2000"],
)
def test_gradients_visit_each_node_of_a_long_graph_once(build, paths):
    x, cotangent = leaf(), constant()
    root = build(x)[-1]

    with situation("for a long graph"):
        (found,) = called(root, [x], cotangent)

    check_node(found, cotangent.data * paths, what="the gradient of a long graph")
