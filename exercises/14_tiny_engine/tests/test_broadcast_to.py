import numpy as np
import pytest
import tiny_engine
import torch

from gradkata.checks import Wrong, raises

from .shared import (
    _recording,
    as_leaves,
    check_constant,
    check_node,
    check_own_version,
    check_recorded,
    constant,
    leaf,
    recording_off,
    some,
)

pytestmark = pytest.mark.task("broadcast_to")

PAIRS = [
    ((4, 1), (4, 3)),
    ((1, 3), (4, 3)),
    ((3,), (4, 3)),
    ((), (4,)),
    ((), (2, 3)),
    ((1,), (2, 3)),
    ((4, 1), (2, 4, 3)),
    ((2, 1, 3), (2, 4, 3)),
    ((2, 1, 3), (5, 2, 4, 3)),
    ((2, 1, 3), (4, 2, 1, 3)),
    ((1, 4), (2, 1, 4)),
    ((1, 1), (4, 3)),
    ((4, 1), (4, 1)),
]


def way_back(y, x, *, what):
    """Return a cotangent that requires grad, and what y's vjp makes of it for its only parent."""
    check_recorded(y, x, what=what)
    cotangent = leaf(some(y.data.shape))
    parts = y.vjp(cotangent)
    if not isinstance(parts, tuple | list) or len(parts) != 1:
        raise Wrong(f"the vjp of {what} returns {parts!r}: a sequence with one contribution is due")
    return cotangent, parts[0]


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=str)
def test_broadcast_to_goes_forth_and_back_any_number_of_times(before, after):
    x = leaf(some(before))
    (t,) = as_leaves(x)

    y = tiny_engine.broadcast_to(x, after)
    if y is x:
        raise Wrong(f"{before} broadcast to {after} gives x itself: a new node is due")
    check_node(y, t.broadcast_to(after), what=f"{before} broadcast to {after}")
    check_own_version(y, x, what=f"{before} broadcast to {after}")

    g, total = way_back(y, x, what="the result")
    (expected,) = torch.autograd.grad(t.broadcast_to(after), t, torch.tensor(g.data))
    check_node(
        total,
        expected,
        what=f"the gradient for x, {before} broadcast to {after}",
        mistakes={
            "the axes are folded into one by reshape: those of size 1 may stand in the middle": (
                lambda: g.data.reshape(-1, *before).sum(0)
            ),
            "a mean is taken: the sum is due": expected * (x.data.size / y.data.size),
        },
    )

    other, total_of_other = way_back(y, x, what="the result")
    (expected,) = torch.autograd.grad(t.broadcast_to(after), t, torch.tensor(other.data))
    check_node(total_of_other, expected, what="the gradient for x from another cotangent")

    h, again = way_back(total, g, what="the gradient for x")
    check_node(
        again,
        np.broadcast_to(h.data, after).copy(),
        what="the second derivative, for the cotangent",
    )
    k, last = way_back(again, h, what="the second derivative")
    (expected,) = torch.autograd.grad(t.broadcast_to(after), t, torch.tensor(k.data))
    check_node(last, expected, what="the third derivative")
    check_recorded(last, k, what="the third derivative")


@pytest.mark.parametrize(
    ("before", "after"),
    [((3,), (4,)), ((2,), (2, 3)), ((2, 3), (3,)), ((4, 1), (4,)), ((1, 3), (3,))],
    ids=str,
)
def test_broadcast_to_refuses_what_does_not_fit(before, after):
    x = leaf(some(before))

    with raises(ValueError, when=f"{before} is to be broadcast to {after}"):
        tiny_engine.broadcast_to(x, after)


def test_broadcast_to_of_what_is_not_recorded_is_a_constant():
    x, c = leaf(some((4, 1))), constant(some((4, 1)))

    of_constant = tiny_engine.broadcast_to(c, (4, 3))
    with recording_off():
        unrecorded = tiny_engine.broadcast_to(x, (4, 3))
    (part,) = tiny_engine.broadcast_to(x, (4, 3)).vjp(constant(some((4, 3))))

    check_constant(of_constant, what="a constant that was broadcast")
    check_constant(unrecorded, what="what is broadcast while recording is off")
    check_constant(part, what="the gradient for x from a constant cotangent")
