import weakref

import numpy as np
import pytest
import tiny_engine
import torch

from gradkata.checks import Wrong, check, counted, situation

from .shared import (
    _recording,
    as_leaves,
    by_paths,
    check_constant,
    check_node,
    check_own_version,
    check_recorded,
    constant,
    leaf,
    recording_off,
    some,
    without_collector,
)

pytestmark = pytest.mark.task("tanh")


def way_back(y, cotangent, *, when="called"):
    with situation(f"with its vjp {when}"):
        (part,) = y.vjp(cotangent)
    return part


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=str)
def test_tanh_is_torchs_and_so_are_its_derivatives(shape):
    x, cotangent, outer = leaf(some(shape)), leaf(some(shape)), constant(some(shape))
    t, g = as_leaves(x, cotangent)
    v = torch.tensor(outer.data)
    expected = torch.tanh(t)
    (first,) = torch.autograd.grad(expected, t, g, create_graph=True)
    second = torch.autograd.grad(first, (t, g), v, create_graph=True)
    (third,) = torch.autograd.grad(second[0], t, v)

    y = tiny_engine.tanh(x)
    check_node(x, t, what="x's array, which is not to be changed in place")
    check_node(y, expected, what="tanh")
    check_recorded(y, x, what="tanh of a leaf")
    check_own_version(y, x, what="tanh of a leaf")
    part = way_back(y, cotangent)

    slope = 1 - np.tanh(x.data) ** 2
    check_node(
        part,
        first,
        what="the gradient for x",
        mistakes={
            "the slope is 1 − y: it is 1 − y²": cotangent.data * (1 - y.data),
            "the slope is 1 − x²: y = tanh(x) belongs there": cotangent.data * (1 - x.data**2),
            "the slope is taken at the output: it is 1 − tanh(x)²": (
                cotangent.data * (1 - np.tanh(y.data) ** 2)
            ),
            "the cotangent is dropped": slope,
        },
    )
    del y
    with situation("differentiated again when nobody else has the result"):
        for_x, for_g = by_paths(part, x, outer), by_paths(part, cotangent, outer)
    if for_x is None or for_g is None:
        raise Wrong(
            "the gradient is cut from the graph: compute it by operations on nodes, the output too"
        )
    check_node(for_g, second[1], what="the second derivative, for the cotangent")
    check_node(
        for_x,
        second[0],
        what="the second derivative, for x",
        mistakes={
            "one factor of y·y is an array, and so a constant": second[0].detach().numpy() / 2
        },
    )
    check_recorded(for_x, *for_x.parents, what="the second derivative")
    check_node(by_paths(for_x, x, outer), third, what="the third derivative")


def test_tanh_is_exact_where_exponentials_overflow():
    x = leaf(np.array([-1000.0, 0.0, 1000.0]))

    with np.errstate(all="ignore"):
        y = tiny_engine.tanh(x)
        part = way_back(y, constant(np.array([2.0, 3.0, 4.0])))

    check_node(y, [-1.0, 0.0, 1.0], what="tanh of −1000, 0 and 1000")
    check_node(part, [0.0, 3.0, 0.0], what="the gradient for x at −1000, 0 and 1000")


def test_tanh_is_computed_once():
    x, cotangent, outer = leaf(some((3,))), constant(some((3,))), constant(some((3,)))
    with pytest.MonkeyPatch.context() as patch:
        called = counted(np.tanh)
        patch.setattr(np, "tanh", called)

        y = tiny_engine.tanh(x)
        second = by_paths(way_back(y, cotangent), x, outer)

    if called.calls > 1:
        raise Wrong("the vjp computes np.tanh again: use the output")
    if second is None:
        raise Wrong(
            "for a constant cotangent, the gradient is cut from the graph: it depends on the "
            "output, which is recorded"
        )
    due = -2 * y.data * (1 - y.data**2) * cotangent.data * outer.data
    check_node(second, due, what="the second derivative, for x, with a constant cotangent")


def test_tanh_keeps_nothing_alive_by_a_circle():
    with without_collector():
        x, cotangent = leaf(some((3,))), constant(some((3,)))
        y = tiny_engine.tanh(x)
        way_back(y, cotangent)
        way_back(y, cotangent, when="called twice")
        gone = {"the result": weakref.ref(y), "x": weakref.ref(x), "its array": weakref.ref(y.data)}
        del x, y

        alive = [name for name, reference in gone.items() if reference() is not None]

    if alive:
        raise Wrong(
            f"after the last user let go of it, {alive[0]} is still alive: something keeps "
            "it, such as a circle: a vjp that holds its own node"
        )


def test_tanh_of_what_is_not_recorded_is_a_constant():
    x, c = leaf(), constant()

    of_constant = tiny_engine.tanh(c)
    with recording_off():
        unrecorded = tiny_engine.tanh(x)

    check_constant(of_constant, what="tanh of a constant")
    check_constant(unrecorded, what="tanh while recording is off")
    check_node(unrecorded, np.tanh(x.data), what="tanh while recording is off")
    check(x.grad, None, what="x.grad")
