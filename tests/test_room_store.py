"""The room's record and what follows from it: nothing that was acknowledged is lost."""

import asyncio
import sqlite3
import time

import pytest
import room_server
import toy_course

from gradkata.room import jobs, store
from gradkata.room.jobs import Report, Said
from gradkata.room.standing import Standing

TASKS = {"01_slopes": ("double", "halve"), "02_shapes": ("Square", "perimeter")}
STATES = {"d": "done", "w": "wrong", "t": "to do", "p": "part"}


@pytest.fixture
def kept(tmp_path):
    opened = store.Store(tmp_path / "room.db", "Tuesday")
    yield opened
    opened.close()


def ada(kept):
    return asyncio.run(kept.run(lambda c: jobs.join(c, "Ada", "hash", 1.0)))


def say(learner, states, key="k", at=10.0, mistake=""):
    """Make a report of a letter for each task of the first exercise."""
    tasks = zip(TASKS["01_slopes"], states, strict=True)
    said = [Said(task, STATES[s], mistake if s == "w" else "") for task, s in tasks]
    return Report(learner, key, "01_slopes", at, said)


def add(kept, report):
    return asyncio.run(kept.run(lambda c: jobs.add(c, report, 20.0)))


# The database


def test_a_report_is_kept_with_what_it_changes_alone(kept):
    learner = ada(kept)

    add(kept, say(learner, "tt", "first"))
    changed = add(kept, say(learner, "dt", "second"))

    assert changed == [Said("double", "done")]
    told = [[said.task for said in report.tasks] for report in jobs.reports(kept.connection)]
    assert told == [["double", "halve"], ["double"]]


def test_a_room_that_is_opened_again_has_its_codes_and_its_name(tmp_path):
    first = store.Store(tmp_path / "room.db", "Tuesday")
    first.close()

    again = store.Store(tmp_path / "room.db")
    again.close()

    assert again.settings == first.settings
    assert again.settings["name"] == "Tuesday"


def test_on_a_full_disk_nothing_is_acknowledged_and_later_all_is_well(kept):
    learner = ada(kept)
    pages = kept.connection.execute("PRAGMA page_count").fetchone()[0]
    kept.connection.execute(f"PRAGMA max_page_count = {pages}")
    large = Report(learner, "k" * 9000, "01_slopes", 1.0, [])

    with pytest.raises(store.CannotStore, match="nothing is stored: database or disk is full"):
        add(kept, large)
    problem = kept.problem
    kept.connection.execute("PRAGMA max_page_count = 100000")
    add(kept, large)

    assert problem == "nothing is stored: database or disk is full"
    assert kept.problem == ""
    assert len(list(jobs.reports(kept.connection))) == 1


def test_hands_that_are_up_are_known_since_when(kept):
    one, other = ada(kept), 1
    for raised, at in ((True, 1.0), (True, 2.0)):
        jobs.raise_hand(kept.connection, one, at, raised=raised)

    assert jobs.hands(kept.connection) == {other: 1.0}


# Where the room stands


@pytest.fixture
def standing():
    made = Standing(TASKS)
    made.join(1, "Ada", 0.0)
    return made


def test_each_task_counts_the_learners_of_each_state(standing):
    standing.join(2, "Grace", 0.0)
    standing.take(say(1, "dw", mistake="m"))
    standing.take(say(2, "tw", mistake="m"))

    assert +standing.states["01_slopes", "double"] == {"done": 1, "to do": 1}
    assert +standing.states["01_slopes", "halve"] == {"wrong": 2}
    assert +standing.mistakes["01_slopes", "halve"] == {"m": 2}


def test_a_mistake_that_is_mended_is_no_longer_made(standing):
    standing.take(say(1, "dw", mistake="m"))
    standing.take(say(1, "dd"))

    assert +standing.mistakes["01_slopes", "halve"] == {}
    assert standing.whole["01_slopes"] == 1


def test_an_exercise_that_was_done_and_is_not_any_more_is_not_counted(standing):
    standing.take(say(1, "dd"))
    standing.take(say(1, "dw"))

    assert standing.whole["01_slopes"] == 0


@pytest.mark.parametrize(
    "states, task",
    [("tt", "double"), ("dt", "halve"), ("tw", "halve"), ("ww", "double"), ("dd", "")],
)
def test_a_learner_is_on_a_wrong_task_or_else_on_the_first_that_is_open(states, task, standing):
    standing.take(say(1, states))

    assert standing.learners[1].task == task


def test_a_learner_is_on_a_task_since_they_began_it(standing):
    for states, at in (("tt", 10.0), ("wt", 20.0), ("wt", 30.0)):
        standing.take(say(1, states, at=at))
    before = standing.learners[1].since
    standing.take(say(1, "dt", at=40.0))

    assert (before, standing.learners[1].since) == (10.0, 40.0)


def test_names_that_are_given_twice_are_numbered(standing):
    shown = [standing.join(n, name, 0.0).shown for n, name in ((2, "Ada"), (3, "Ada (2)"))]

    assert shown == ["Ada (2)", "Ada (2) (2)"]


def test_a_letter_stands_for_each_task_of_the_course(standing):
    standing.take(say(1, "dw"))

    assert standing.letters(standing.learners[1]) == "dw.."


# Killed, and opened again


@pytest.fixture
def root(tmp_path):
    return toy_course.build(tmp_path / "toy")


def test_a_room_that_was_killed_goes_on_where_it_was(root):
    pytest.importorskip("fastapi")
    first = room_server.Server(root)
    secret = first.join("Ada")
    first.report(secret, {"double": "done"})
    first.ask("/api/hand", {"raised": True}, secret=secret)
    first.kill()

    again = room_server.Server(root)
    try:
        said = again.report(secret, {"halve": "wrong"}).content
    finally:
        again.kill()

    assert (again.code, again.teacher) == (first.code, first.teacher)
    assert said == {"stored": True, "hand": True}


def test_a_database_that_takes_nothing_is_said_and_reports_are_to_come_again(root):
    pytest.importorskip("fastapi")
    room = room_server.Server(root)
    try:
        secret = room.join("Ada")
        other = sqlite3.connect(root / ".gradkata" / "room.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused = room.report(secret, {"double": "done"})
        other.execute("ROLLBACK")
        other.close()
        stored = room.report(secret, {"double": "done"})
    finally:
        room.kill()

    assert (refused.status, refused.headers["retry-after"]) == (503, "2")
    assert refused.sentence == "nothing is stored: database is locked"
    assert stored.content == {"stored": True, "hand": False}


def test_what_was_judged_long_before_it_was_sent_has_its_own_time(root):
    pytest.importorskip("fastapi")
    room = room_server.Server(root)
    try:
        # A clock that is a day fast, and a report that waited for an hour.
        sent = time.time() + 86_400
        room.report(room.join("Ada"), {"double": "done"}, at=sent - 3600, now=sent)
    finally:
        room.kill()
    connection = sqlite3.connect(root / ".gradkata" / "room.db")
    at = connection.execute("SELECT received - at FROM reports").fetchone()[0]
    connection.close()

    assert at == pytest.approx(3600, abs=1)
