"""One task that is put back as it was, and what happens where nothing can be written."""

import contextlib
import sys

import pytest
import toy_course

from gradkata import course
from gradkata.cli import main
from gradkata.course import guidance, progress, stubs, workbook
from gradkata.display import reason_of

SOLVED = toy_course.SLOPES
STUB = stubs.derive(SOLVED)
HALVE = SOLVED.replace("return x / 2", "raise NotImplementedError")
DOUBLE = SOLVED.replace("return 2 * x", "raise NotImplementedError")
WITHOUT_HALVE = SOLVED[: SOLVED.index("\n\ndef halve")]
WITHOUT_DOUBLE = SOLVED.replace(SOLVED[SOLVED.index("def double") : SOLVED.index("def halve")], "")
OWN = "import os\n\n{}\n\ndef own():\n    return '''\ndef halve():\n'''\n"


@pytest.fixture
def slopes(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    monkeypatch.chdir(root)
    return course.Exercise(root, "01_slopes")


def put_back(exercise, task, text, newline="\n"):
    exercise.file.write_text(text, newline=newline)
    kept = workbook.put_task_back(exercise, task)
    assert kept.read_bytes() == text.replace("\n", newline).encode()
    return exercise.file.read_bytes().decode()


@pytest.mark.parametrize(
    ("task", "text", "after"),
    [
        ("halve", SOLVED, HALVE),
        ("halve", OWN.format(SOLVED), OWN.format(HALVE)),
        ("halve", WITHOUT_HALVE, HALVE),
        ("halve", WITHOUT_HALVE.rstrip("\n"), HALVE),
        ("halve", OWN.format(WITHOUT_HALVE), OWN.format(HALVE)),
        ("double", WITHOUT_DOUBLE, DOUBLE),
    ],
    ids=["answered", "among one's own", "lost", "lost with the end", "lost among", "first lost"],
)
def test_one_stub_comes_back_in_its_place_and_nothing_else_changes(task, text, after, slopes):
    assert put_back(slopes, task, text) == after


def test_a_task_that_was_renamed_comes_back_below_the_one_before_it(slopes):
    renamed = SOLVED.replace("def halve", "def half")

    text = put_back(slopes, "halve", renamed)

    assert list(course.definitions(text)) == ["double", "halve", "half"]
    assert text.replace(text[text.index("def halve") : text.index("def half(")], "") == renamed


@pytest.mark.parametrize("text", ["import math\n", "import math", ""])
def test_in_a_file_without_any_task_it_comes_back_at_the_end(text, slopes):
    place = f"{text.rstrip()}\n\n\ndef halve(" if text else "def halve("

    assert put_back(slopes, "halve", text).startswith(place)


def test_a_class_comes_back_with_its_decorator(slopes):
    shapes = course.Exercise(slopes.root, "02_shapes")
    stub = stubs.derive(toy_course.SHAPES)
    mine = stub.replace("@typing.final\n", "").replace("raise NotImplementedError", "pass", 1)

    assert put_back(shapes, "Square", mine) == stub


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_ends_of_lines_stay_as_they_are(newline, slopes):
    assert put_back(slopes, "halve", SOLVED, newline) == HALVE.replace("\n", newline)


def test_a_byte_order_mark_stays(slopes):
    slopes.file.write_text(SOLVED, encoding="utf-8-sig")

    workbook.put_task_back(slopes, "halve")

    assert slopes.file.read_bytes() == HALVE.encode("utf-8-sig")


# The command


@pytest.fixture
def kata(slopes, monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kata", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        return toy_course.Screen(left.value.code, *capsys.readouterr())

    return run


def test_kata_reset_task_says_where_it_is_and_how_to_have_the_answers_back(kata, slopes):
    slopes.file.write_text(SOLVED)

    assert kata("reset", "HALVE", "-y").out == (
        "halve is the stub again, exercises/01_slopes/slopes.py:11\n"
        "to have your answers back: "
        "cp exercises/01_slopes/slopes.kept-1.py exercises/01_slopes/slopes.py\n"
    )
    assert slopes.file.read_text() == HALVE

    again = kata("reset", "halve")
    assert again.out == "halve in exercises/01_slopes/slopes.py is the stub already\n"


def test_kata_reset_task_asks_first(kata, slopes):
    slopes.file.write_text(SOLVED)

    assert kata("reset", "halve").code == 1
    assert slopes.file.read_text() == SOLVED


def test_of_a_file_that_cannot_be_parsed_no_task_is_put_back(kata, slopes):
    slopes.file.write_text(SOLVED + "def (\n")

    assert kata("reset", "halve", "-y") == toy_course.Screen(
        4,
        "",
        "exercises/01_slopes/slopes.py:14 cannot be parsed; "
        "kata reset 01 brings the whole stub back\n",
    )


def test_where_the_file_is_missing_kata_reset_task_brings_all_of_it_back(kata, slopes):
    slopes.file.unlink()

    assert "was missing; the stub is back" in kata("reset", "halve").out
    assert slopes.file.read_text() == STUB


# What cannot be written


@contextlib.contextmanager
def full_disk(room=0):
    """Let no file grow beyond some bytes, as on a disk that has so many left."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 10, len(SOLVED) + 5], ids=["none", "a little", "for a copy"])
@pytest.mark.parametrize("put_back", [workbook.put_stub_back, workbook.put_task_back])
def test_on_a_full_disk_nothing_is_lost_and_nothing_left(put_back, room, slopes):
    mine = SOLVED.replace("return x / 2", "return x")
    slopes.file.write_text(mine)
    slopes.solution.write_text(SOLVED.replace("half of x", "half of x" + ", which is half" * 20))
    before = sorted(slopes.folder.iterdir())
    arguments = ["halve"] if put_back is workbook.put_task_back else []

    with full_disk(room), pytest.raises(OSError) as raised:
        put_back(slopes, *arguments)

    assert reason_of(raised.value).startswith("cannot use exercises/01_slopes/slopes.")
    assert slopes.file.read_text() == mine
    assert sorted(slopes.folder.iterdir()) == before


@pytest.fixture
def no_memory(slopes):
    # A file where the folder would be: also one who may write everywhere cannot.
    (slopes.root / ".gradkata").write_text("")
    yield
    progress._UNWRITTEN.clear()


@pytest.mark.usefixtures("no_memory")
def test_where_nothing_can_be_written_hint_steps_are_counted_in_memory(slopes):
    numbers = [len(guidance.next_hint(slopes, "double").steps) for _ in range(3)]

    assert numbers == [1, 2, 2]


def test_a_count_that_was_written_before_the_disk_was_full_goes_on(slopes):
    guidance.next_hint(slopes, "double")
    hints = slopes.folder / "hints.md"
    hints.write_text(hints.read_text().replace("## halve", "3. `x + x`\n\n## halve"))

    with full_disk():
        numbers = [len(guidance.next_hint(slopes, "double").steps) for _ in range(2)]

    progress._UNWRITTEN.clear()
    assert numbers == [2, 3]


@pytest.mark.usefixtures("no_memory")
def test_kata_hint_says_how_to_go_on_where_steps_cannot_be_counted(kata):
    assert kata("hint", "double").out.endswith(
        "\n.gradkata cannot be written, so steps are not counted; "
        "one step more: kata hint double --step 2\n"
    )
    assert kata("hint", "double", "--step", "2").out.startswith("double, hint 2 of 2\n")
