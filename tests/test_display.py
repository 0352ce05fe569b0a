"""How tasks and their states are shown in a row."""

import pytest

from gradkata.display import as_encoded, coloured, count, row
from gradkata.results import State

STATES = {"double": State.DONE, "halve": State.WRONG, "third": State.TO_DO}


def test_a_row_has_the_tasks_with_their_signs_after_the_title():
    assert row(STATES, title="01_slopes") == "01_slopes  ✓ double  ✗ halve  · third"


def test_a_narrow_row_is_folded_between_tasks_below_the_first():
    assert row(STATES, title="01", width=14) == "01  ✓ double\n    ✗ halve\n    · third"


def test_a_task_that_is_wider_than_the_row_is_not_broken():
    assert row(STATES, width=3) == "✓ double\n✗ halve\n· third"


@pytest.mark.parametrize(
    ("encoding", "text"), [("utf-8", "✓ …"), ("ascii", "+ ..."), (None, "+ ...")]
)
def test_signs_that_an_encoding_lacks_become_plain(encoding, text):
    assert as_encoded("✓ …", encoding) == text


def test_signs_are_coloured():
    spans = coloured("✓ a  ✗ b").spans

    assert [(span.start, span.style) for span in spans] == [(0, "green"), (5, "red")]


@pytest.mark.parametrize(
    ("states", "words"),
    [([State.DONE], "1 of 1 task done"), ([State.DONE, State.WRONG], "1 of 2 tasks done")],
)
def test_what_is_done_is_counted(states, words):
    assert count(states) == words
