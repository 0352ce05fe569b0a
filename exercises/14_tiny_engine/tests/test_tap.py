import pytest
import tiny_engine

from gradkata.checks import Wrong, check, raises

from .shared import (
    _recording,
    by_paths,
    check_constant,
    check_node,
    check_recorded,
    constant,
    leaf,
    recording_off,
    some,
)

pytestmark = pytest.mark.task("tap")


class Logged:
    """A hook that keeps what it gets, and returns what `answer` makes of it."""

    def __init__(self, answer=lambda cotangent: None):
        self.answer = answer
        self.seen = []

    def __call__(self, cotangent):
        self.seen.append(cotangent)
        return self.answer(cotangent)


def times(count):
    return "once" if count == 1 else f"{count} times"


def check_calls(hook, *cotangents, when):
    calls = len(hook.seen)
    if calls != len(cotangents):
        due = times(len(cotangents))
        raise Wrong(f"{when}, the hook was called {times(calls)}, and not {due}")
    if any(mine is not due for mine, due in zip(hook.seen, cotangents, strict=True)):
        raise Wrong(f"{when}, the hook got another node than the cotangent")


def way_back(y, cotangent):
    parts = y.vjp(cotangent)
    if not isinstance(parts, tuple | list) or len(parts) != 1:
        raise Wrong(f"the vjp returns {parts!r}: a sequence with one contribution is due")
    return parts[0]


def check_shares(y, x):
    if y is x:
        raise Wrong("tap returns x itself: a new node is due")
    if y.data is not x.data:
        raise Wrong("the new node has another array than x: no value is copied")
    if y.version is not x.version:
        raise Wrong(
            "the new node has a Version of its own: a change of the array in place would not be "
            "seen by who has the other node"
        )
    if y.grad is not None:
        raise Wrong("the new node has a .grad from the beginning: x's is its own")


def test_tap_hands_on_what_the_hook_returns():
    x, cotangent = leaf(some((3,))), constant(some((3,)))
    hook = Logged(lambda g: g * -3.0)

    y = tiny_engine.tap(x, hook)

    check_shares(y, x)
    check_recorded(y, x, what="the new node")
    check_calls(hook, when="before any way back")
    part = way_back(y, cotangent)
    check_calls(hook, cotangent, when="after the vjp")
    check_node(
        part,
        -3.0 * cotangent.data,
        what="what is handed on where the hook returns -3·g",
        mistakes={"the hook's result is dropped": cotangent.data},
    )


def test_tap_hands_on_the_cotangent_itself_where_the_hook_returns_none():
    x, cotangent = leaf(), constant()
    x.grad = constant()
    before = vars(x).copy()
    hook = Logged()

    y = tiny_engine.tap(x, hook)

    check_shares(y, x)
    for count in (1, 2):
        part = way_back(y, cotangent)
        check_calls(hook, *[cotangent] * count, when=f"with the vjp called {times(count)}")
        if part is not cotangent:
            raise Wrong(f"where the hook returns None, {part!r} is handed on: not the cotangent")
    changed = [name for name, value in vars(x).items() if value is not before.get(name)]
    check(changed, [], what="what has changed of x")
    with raises(KeyError, when="the hook raises one"):
        way_back(tiny_engine.tap(x, Logged({}.__getitem__)), cotangent)


def test_tap_goes_between_x_and_its_vjp():
    a = leaf()
    x = a * a
    cotangent = constant()

    y = tiny_engine.tap(x, lambda g: g * -3.0)
    check_shares(y, x)
    grad = by_paths(y + x, a, cotangent)

    check_node(grad, -4.0 * a.data * cotangent.data, what="the gradient of tap(x) + x for x = a·a")


def test_tap_keeps_the_graph_of_what_the_hook_returns():
    x, cotangent = leaf(some((3,))), leaf(some((3,)))
    outer = constant(some((3,)))

    part = way_back(tiny_engine.tap(x, lambda g: g * g), cotangent)

    check_recorded(part, cotangent, cotangent, what="what the hook returned, as it is handed on,")
    grad = by_paths(part, cotangent, outer)
    check_node(grad, 2 * cotangent.data * outer.data, what="the gradient through the hook g·g")


def test_tap_of_what_is_not_recorded_is_a_constant_without_a_call():
    x, c = leaf(), constant()
    hook = Logged()

    of_constant = tiny_engine.tap(c, hook)
    with recording_off():
        unrecorded = tiny_engine.tap(x, hook)

    check_constant(of_constant, what="the tap of a constant")
    check_shares(of_constant, c)
    check_constant(unrecorded, what="a tap while recording is off")
    check_shares(unrecorded, x)
    check_calls(hook, when="for constants")
