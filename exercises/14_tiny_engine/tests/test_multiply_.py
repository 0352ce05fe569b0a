import pytest
import tiny_engine

from gradkata.checks import Wrong, check, raises, situation

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
    without_parents,
)

pytestmark = pytest.mark.task("multiply_")

FACTOR = -3.0


def multiplied(x, factor=FACTOR, *, when):
    """Return the result for x, which must have been changed in place, and counted."""
    array, version, before = x.data, x.version, x.data.copy()
    another = tiny_engine.Node(array, version=version)
    version.count, x.grad = 4, (grad := constant())

    with situation(when):
        y = tiny_engine.multiply_(x, factor)

    check_node(
        another,
        factor * before,
        what="the array that others hold",
        mistakes={"the array is not changed in place": before},
    )
    if x.data is not array:
        raise Wrong("x has another array now: its own array is to be changed in place")
    if y is x:
        raise Wrong("multiply_ returns x itself: a new node is due, for x stands for the past")
    if getattr(y, "data", None) is not array:
        raise Wrong("the result has another array than x")
    check(another.version.count, 5, what="the count that another node of the array has, 4 before")
    if x.version is not version:
        raise Wrong("x has another Version now: the change is counted in its own")
    if x.grad is not grad or y.grad is not None:
        raise Wrong("x is to keep its .grad, and the result to have none from the beginning")
    if y.version is not version:
        raise Wrong("the result has a Version of its own: it has x's array, and so x's Version")
    return y


@pytest.mark.parametrize(
    "place", [lambda: some(), lambda: some((2, 3)).T], ids=["0-d", "transposed"]
)
def test_multiply_changes_the_array_and_leaves_the_past_of_x_as_it_was(place):
    a, cotangent, outer = leaf(place()), leaf(place()), constant(place())
    g = cotangent.data
    x = a * a
    earlier = x * 5.0
    before = x.parents, x.vjp, x.requires_grad

    y = multiplied(x, when="for x = a·a while recording is on")

    check_recorded(y, x, what="the result")
    check_node(
        by_paths(y, a, cotangent),
        FACTOR * 2 * a.data * g,
        what="the gradient of the result for a, where x = a·a",
        mistakes={
            "the factor is missing in the vjp": 2 * a.data * g,
            "the factor is in x's own vjp and in that of the result": (FACTOR**2 * 2 * a.data * g),
        },
    )
    check_node(
        by_paths(earlier, a, cotangent),
        5 * 2 * a.data * g,
        what="the gradient for a of what used x before",
        mistakes={
            "x's own vjp has the factor too: x stands for the past": (FACTOR * 5 * 2 * a.data * g)
        },
    )
    if before != (x.parents, x.vjp, x.requires_grad):
        raise Wrong("x has other parents or another vjp now: only its array changes")
    (part,) = y.vjp(cotangent)
    check_recorded(part, cotangent, what="what the vjp returns")
    check_node(by_paths(part, cotangent, outer), FACTOR * outer.data, what="the second derivative")


def test_multiply_refuses_a_leaf_that_requires_grad_before_anything_changes():
    x = leaf(some((3,)))
    before = x.data.copy()

    advice = "its gradient would belong to a value that is gone"
    with raises(RuntimeError, when="x is a leaf that requires grad", advice=advice):
        tiny_engine.multiply_(x, 0.0)

    check_node(x, before, what="the leaf after the error")
    check(x.version.count, 0, what="its count after the error")


def test_multiply_changes_a_leaf_while_recording_is_off():
    x = leaf(some((3,)))

    with recording_off():
        y = multiplied(x, when="for a leaf while recording is off")

    check_constant(y, what="the result while recording is off")
    check(x.requires_grad, True, what="requires_grad of the leaf")


def test_multiply_changes_constants_and_counts_a_factor_of_1():
    x, source = constant(some((3,))), without_parents()

    check_constant(multiplied(x, when="for a constant"), what="the result for a constant")
    check_constant(multiplied(x, 1.0, when="for a constant"), what="the result for a constant")
    y = multiplied(source, 0.0, when="for a node with a vjp and without parents, which is no leaf")
    check_recorded(y, source, what="the result for a node with a vjp and without parents")
    (part,) = y.vjp(constant(some((3,))))
    check_node(part, [0.0] * 3, what="the contribution where the factor is 0")
