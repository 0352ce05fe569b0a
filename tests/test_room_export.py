"""What is left of a room afterwards: a table, JSON and a chart."""

import asyncio
import csv
import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import toy_course

from gradkata.room import jobs, store
from gradkata.room.export import CannotExport, export
from gradkata.room.jobs import Report, Said

TASKS = {"01_slopes": ("double", "halve"), "02_shapes": ("Square", "perimeter")}
ZERO = "Every element of yours is 0."


@pytest.fixture
def database(tmp_path):
    """A record of two learners of one name, of which no spreadsheet is to make a formula."""
    kept = store.Store(tmp_path / "room.db", "$x$ <b>")

    def fill(connection):
        for number in (1, 2):
            jobs.join(connection, "=Ada", f"hash {number}", 1.0)
        for number, state, at in ((1, "wrong", 0.0), (2, "done", 60.0), (1, "done", 120.0)):
            said = [Said("double", state, ZERO if state == "wrong" else "", 1)]
            jobs.add(connection, Report(number, f"{at}", "01_slopes", at, said), at)

    asyncio.run(kept.run(fill))
    kept.close()
    return kept.file


def test_a_table_has_a_line_for_each_change(database, tmp_path):
    export(database, tmp_path / "room.csv", TASKS)

    with open(tmp_path / "room.csv", encoding="utf-8-sig", newline="") as file:
        first, *lines = csv.reader(file)
    assert first == ["at", "learner", "exercise", "task", "state", "mistake", "hints"]
    at = "1970-01-01T00:0{}:00+00:00"
    assert lines == [
        [at.format(0), "'=Ada", "01_slopes", "double", "wrong", ZERO, "1"],
        [at.format(1), "'=Ada (2)", "01_slopes", "double", "done", "", "1"],
        [at.format(2), "'=Ada", "01_slopes", "double", "done", "", "1"],
    ]


def test_json_has_the_same_and_no_secret(database, tmp_path):
    export(database, tmp_path / "room.json", TASKS)

    text = (tmp_path / "room.json").read_text(encoding="utf-8")
    content = json.loads(text)
    assert (content["schema"], content["room"]) == (1, "$x$ <b>")
    assert [change["learner"] for change in content["changes"]] == ["=Ada", "=Ada (2)", "=Ada"]
    assert "hash" not in text


def test_the_chart_names_the_room_and_its_tasks_and_nobody(database, tmp_path):
    export(database, tmp_path / "room.svg", TASKS)

    words = "".join(ElementTree.parse(tmp_path / "room.svg").getroot().itertext())
    assert "$x$ <b> · " in words
    assert "2 learners" in words
    assert "double" in words
    assert "Ada" not in words


@pytest.mark.parametrize("kind", ["csv", "json", "svg"])
def test_a_room_without_a_report_is_said_to_be_empty(kind, tmp_path):
    store.Store(tmp_path / "room.db").close()

    with pytest.raises(CannotExport, match=r"room\.db holds no report yet"):
        export(tmp_path / "room.db", tmp_path / f"room.{kind}", TASKS)


def test_a_record_of_another_course_is_said_to_be_one(database, tmp_path):
    with pytest.raises(CannotExport, match="holds no report on a task of this course"):
        export(database, tmp_path / "room.svg", {"01_other": ("task",)})


def room(root, *options):
    command = [sys.executable, "-c", toy_course.RUN, "room", *options]
    environment = toy_course.child_environment()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return toy_course.Screen(done.returncode, done.stdout, done.stderr)


def test_the_command_writes_what_it_is_asked_for_and_opens_no_room(database, tmp_path):
    root = toy_course.build(tmp_path / "toy")

    screen = room(root, "--to", str(tmp_path), "--export", "a.csv", "--export", "a.svg")

    assert screen == toy_course.Screen(0, "a.csv\na.svg\n", "")
    assert (root / "a.csv").exists()
    assert (root / "a.svg").exists()


@pytest.mark.parametrize(
    "name, sentence",
    [
        ("a.pdf", "--export a.pdf: a file ends in one of .csv, .json, .svg\n"),
        ("a.csv", "room.db cannot be read: unable to open database file\n"),
    ],
)
def test_what_cannot_be_exported_is_one_line(name, sentence, tmp_path):
    root = toy_course.build(tmp_path / "toy")

    screen = room(root, "--export", name)

    assert screen.code == 4
    assert screen.err.endswith(sentence)
    assert screen.err.count("\n") == 1
