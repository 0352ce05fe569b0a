import pytest
import tiny_engine

from gradkata.checks import Wrong, check, raises, situation

from .shared import _recording, leaf, some

pytestmark = pytest.mark.task("Saved")


def another_node_of(node):
    return tiny_engine.Node(node.data, version=node.version)


def check_given_back(saved, node, *, when):
    with situation(when):
        found = saved.unpack()
    if found is not node:
        raise Wrong(f"{when}, unpack gives another node than the one that was saved")


def check_refused(saved, *counts, when):
    naming = [str(count) for count in counts]
    advice = "compare the count with the one at the saving"
    with raises(RuntimeError, when=when, naming=naming, advice=advice):
        saved.unpack()


def test_saved_gives_the_very_node_back_as_often_as_asked():
    node = leaf(some((3,)))
    saved = tiny_engine.Saved(node)
    check(node.version.count, 0, what="version.count after the saving itself, 0 before")

    check_given_back(saved, node, when="with nothing changed")
    check_given_back(saved, node, when="asked a second time")


def test_saved_keeps_a_node_that_nobody_else_has():
    array = some((3,))
    saved = tiny_engine.Saved(leaf(array))

    found = saved.unpack()

    if not isinstance(found, tiny_engine.Node) or found.data is not array:
        raise Wrong(f"where nobody else has the node, unpack gives {found!r}: keep the node itself")


def test_saved_does_not_mind_changes_before_the_saving():
    node = leaf()
    node.version.count += 3

    check_given_back(tiny_engine.Saved(node), node, when="saved after 3 changes")


def test_saved_refuses_each_time_what_was_changed_since_even_if_no_value_is_another():
    node = leaf(0.0)
    node.version.count = 21
    saved = tiny_engine.Saved(node)

    another_node_of(node).version.count += 1

    when = "a second node of the array counted a change that left its zero as it was"
    check_refused(saved, 21, 22, when=when)
    check_refused(saved, 21, 22, when="unpack is called again after it has raised")
    node.version.count += 12
    check_refused(saved, 21, 34, when="the array was changed 13 times")


def test_saved_minds_its_own_node_alone():
    first, second = leaf(), leaf()
    kept = [tiny_engine.Saved(node) for node in (first, second, first)]

    first.version.count += 1

    late = tiny_engine.Saved(first)
    check_refused(kept[0], 0, 1, when="one of two saved nodes was changed")
    check_refused(kept[2], 0, 1, when="a node that was saved twice was changed")
    check_given_back(kept[1], second, when="where another node was changed")
    check_given_back(late, first, when="saved once more after the change")
