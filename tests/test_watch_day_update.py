"""What `kata` makes of a day's events, asked of the functions themselves."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace

import pytest
import toy_course
from rich.console import ConsoleDimensions
from test_watch_update import Player, record

from gradkata import course
from gradkata.cli import app as cli
from gradkata.course import progress
from gradkata.watch import app, reading
from gradkata.watch import effects as do
from gradkata.watch import events as on

SOLVED = toy_course.SLOPES
WRONG = SOLVED.replace("return x / 2", "return x / 4").replace("2 * x", "3 * x")


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    # Paths are shown as they are typed from here.
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def shapes(root):
    return course.Exercise(root, "02_shapes")


@pytest.fixture
def player(root, slopes):
    return Player(root, slopes)


@pytest.fixture
def both_wrong(player):
    player.saves(WRONG).judged(double="wrong", halve="wrong")
    return player


# The task at hand


def test_the_task_that_was_changed_stands_before_the_first_wrong_one(both_wrong):
    both_wrong.saves(WRONG.replace("x / 4", "x / 5")).judged(double="wrong", halve="wrong")

    text = both_wrong.text
    assert text.index("✗ halve   slopes.py:11") < text.index("✗ double   slopes.py:11")
    assert "halve, hint 1 of 1" in both_wrong.press("h")
    assert "halve: the test that found the fault" in both_wrong.press("escape", "t")
    assert "halve is not known to be done" in both_wrong.press("escape", "s")


def test_when_the_changed_task_is_done_the_first_wrong_one_is_at_hand(both_wrong):
    both_wrong.saves(WRONG.replace("x / 4", "x / 2")).judged(double="wrong", halve="done")

    assert "double, hint 1 of 2" in both_wrong.press("h")


def test_the_changed_task_is_kept_while_the_file_cannot_be_parsed(both_wrong):
    both_wrong.saves(WRONG.replace("x / 4", "x / (4")).judged(double="wrong", halve="wrong")
    both_wrong.saves(WRONG.replace("x / 4", "x / 6")).judged(double="wrong", halve="wrong")

    assert "halve, hint 1 of 1" in both_wrong.press("h")


def test_a_changed_task_that_is_still_to_do_is_at_hand_before_a_wrong_one(player):
    half = SOLVED.replace("return x / 2", "raise NotImplementedError").replace("2 * x", "3 * x")
    player.saves(half).judged(double="wrong", halve="to do")
    player.saves(half.replace("half of x", "half of it")).judged(double="wrong", halve="to do")

    assert "halve, hint 1 of 1" in player.press("h")


def test_every_fault_is_shown_in_full_where_there_is_room(both_wrong):
    assert both_wrong.text.count("found by test_two_becomes_one") == 2
    assert "wrong too" not in both_wrong.text

    both_wrong.size = ConsoleDimensions(80, 15)

    assert both_wrong.text.count("found by test_two_becomes_one") == 1
    assert "\n2 ✗ halve   line 11   0.5 == 1\n" in both_wrong.text
    assert "\n1 ✗ double   line 11   0.5 == 1\n" in both_wrong.press("2")
    assert "\n2 ✗ halve   line 11   0.5 == 1\n" in both_wrong.press("tab")


def test_a_save_shows_the_verdict_from_its_top(both_wrong):
    both_wrong.size = ConsoleDimensions(80, 12)
    assert not both_wrong.press("page down").startswith("✗ double")

    assert both_wrong.saves(WRONG + "\n").text.startswith("✗ double")


# The line above the keys


def test_the_time_of_day_of_the_verdict_is_shown_also_below_a_page(player, slopes):
    number = player.state.request.number
    player.take(on.Judged(number, record(slopes, double="done", halve="wrong"), "14:03:12"))

    assert "judged in 0.25 s at 14:03:12, and again at each save\n─" in player.text
    assert "judged in 0.25 s at 14:03:12" in player.press("h")


def test_how_many_lines_are_below_is_shown_until_the_end_is_seen(both_wrong):
    both_wrong.size = ConsoleDimensions(80, 12)
    rule = both_wrong.shown.lines[-2]
    assert rule.endswith(f" {both_wrong.shown.end} more lines below")

    both_wrong.press(*["down"] * (both_wrong.shown.end - 1))
    assert both_wrong.shown.lines[-2].endswith(" 1 more line below")

    both_wrong.press("down")
    assert both_wrong.shown.lines[-2] == "judged " + "─" * 73


@pytest.mark.parametrize("height", [10, 40])
@pytest.mark.parametrize(
    ("width", "place", "shown"),
    [
        (80, "exercises/01_slopes/slopes.py:11", "exercises/01_slopes/slopes.py:11"),
        (40, "exercises/01_slopes/slopes.py:11", "line 11"),
        (36, "tests/deep_below/test_double.py:7", "tests/deep_below/test_double.py:7"),
    ],
)
def test_a_place_is_a_line_alone_only_if_its_file_has_no_room_and_is_the_answer(
    width, place, shown, height, both_wrong
):
    record = both_wrong.state.record
    tasks = [replace(task, place=place) for task in record.tasks]
    both_wrong.state = replace(both_wrong.state, record=replace(record, tasks=tasks))
    both_wrong.size = ConsoleDimensions(width, height)

    assert f"✗ double {shown}" in " ".join(both_wrong.text.split())


@pytest.mark.parametrize(
    ("width", "bar"),
    [
        (100, "t test  s solution  r reset  q quit"),
        (80, "t:test s:ours r:reset q:quit"),
    ],
)
def test_the_keys_are_one_line_at_80_columns(width, bar, player):
    player.size = ConsoleDimensions(width, 24)

    assert player.shown.lines[-1].endswith(bar)


@pytest.mark.parametrize(("width", "height"), [(20, 5), (100, 5), (10, 12)])
def test_a_terminal_that_is_too_small_is_said_to_be(width, height, player):
    player.size = ConsoleDimensions(width, height)

    words = f"{width} columns and {height} lines are too few; q quits"
    assert " ".join(player.text.split()) == words
    assert len(player.shown.lines) == height


def test_ctrl_d_quits_from_a_page_too(player):
    player.press("l", "\x04")

    assert player.last(do.Quit) is not None


# Where little has room


@pytest.mark.parametrize(("width", "height"), [(40, 10), (80, 10), (120, 9)])
def test_on_a_small_screen_the_verdict_comes_first(width, height, both_wrong):
    both_wrong.size = ConsoleDimensions(width, height)

    lines = both_wrong.shown.lines
    assert lines[:2] == ["✗ double   slopes.py:11", "    0.5 == 1"]
    assert "\n1 " not in both_wrong.text
    assert "\n2 ✗ halve   line 11   0.5 == 1\n" in both_wrong.press("down")
    assert lines[-2].startswith("judged ─")
    assert " more " in lines[-2]
    assert len(lines) == height
    assert max(map(len, lines)) <= width
    assert "01_slopes   0 of 2 tasks done" in both_wrong.press("page down", "page down")


@pytest.mark.parametrize(
    ("width", "bar"),
    [
        (40, "n:next l:list h:hint q:quit ?:keys"),
        (80, "n:next p:back l:list o:open h:hint e:read t:test s:ours r:reset q:quit ?:keys"),
        (25, "h:hint q:quit ?:keys"),
    ],
)
def test_on_a_small_screen_the_keys_that_are_needed_most_are_named(width, bar, both_wrong):
    both_wrong.size = ConsoleDimensions(width, 10)
    assert both_wrong.shown.lines[-1] == bar

    text = both_wrong.press("?", *["page down"] * 9)

    assert "esc goes back to the verdict" in " ".join(text.split())


def test_what_a_key_has_done_is_said_on_a_small_screen_too(both_wrong):
    both_wrong.size = ConsoleDimensions(40, 10)

    assert "\n2 tasks are wrong, none has the number 9\n" in both_wrong.press("9")


def test_while_torch_is_imported_a_small_screen_shows_where_one_is(player):
    player.size = ConsoleDimensions(40, 9)
    player.now = player.state.request.at + 2

    assert player.text.startswith("01_slopes   0 of 2 tasks done")


# Other exercises


def written(exercise, text):
    """Write a file, at a time of its own whatever the clock can tell."""
    before = exercise.file.stat().st_mtime_ns
    exercise.file.write_text(text)
    os.utime(exercise.file, ns=(before + 1, before + 1))


def test_another_exercise_that_is_saved_is_gone_to_once(player, shapes):
    written(shapes, toy_course.SHAPES)

    player.looks().looks(saved=False)

    assert player.asked() == ["01_slopes", "02_shapes"]
    assert "02_shapes   0 of 2 tasks done" in player.text


def test_an_exercise_that_was_named_is_left_by_a_save_elsewhere_only_once_done(player, shapes):
    player.state = app.Watch(player.root, player.state.exercise).state
    player.take(reading.answer(do.Open(player.state.exercise)))
    player.judged(double="done", halve="wrong")
    written(shapes, toy_course.SHAPES)
    assert "saved elsewhere: 02_shapes; l goes there" in player.looks().text

    player.saves(SOLVED).judged(double="done", halve="done")
    written(shapes, toy_course.SHAPES + "\n")
    player.looks()

    assert player.asked()[-2:] == ["01_slopes", "02_shapes"]


def test_after_a_key_led_elsewhere_no_exercise_is_held(player, shapes):
    player.state = app.Watch(player.root, player.state.exercise).state
    player.take(reading.answer(do.Open(player.state.exercise)))
    player.press("n", "p")
    player.judged(double="done", halve="wrong")
    written(shapes, toy_course.SHAPES)

    assert "02_shapes   0 of 2" in player.looks().text


def test_where_the_exercise_at_hand_is_saved_too_it_stays(player, shapes):
    written(shapes, toy_course.SHAPES)
    written(player.state.exercise, WRONG)

    player.looks()

    assert player.asked() == ["01_slopes", "01_slopes"]


def test_an_open_question_stays(player, shapes):
    player.saves(WRONG).judged(double="wrong", halve="wrong").press("r")
    written(shapes, toy_course.SHAPES)

    text = player.looks().text

    assert "becomes the stub again" in text
    assert "saved elsewhere: 02_shapes; l goes there" in text


def test_of_several_that_were_saved_it_only_says_so_and_all_is_not_said_to_be_done(player, shapes):
    lines = course.Exercise(player.root, "03_lines")
    shutil.copytree(shapes.folder, lines.folder)
    (lines.folder / "shapes.py").rename(lines.file)
    player = Player(player.root, player.state.exercise)
    for other in (shapes, lines):
        progress.remember_states(other, dict.fromkeys(other.tasks, "done"))
    player.judged(double="done", halve="done")
    player.judged(Square="done", perimeter="done").judged(Square="done", perimeter="done")
    assert "all 6 tasks of the course are done" in player.text

    for other in (shapes, lines):
        written(other, toy_course.SHAPES)
    text = player.looks().text

    assert "saved elsewhere: 02_shapes, 03_lines; l goes there" in text
    assert "of the course are done" not in text


def test_the_whole_course_is_counted_in_the_header(player, shapes):
    assert "01_slopes   0 of 2 tasks done   0 of 4 in the course" in player.text
    progress.remember_states(shapes, {"Square": "done"})

    text = player.judged(double="done", halve="wrong").text

    assert "01_slopes   1 of 2 tasks done   2 of 4 in the course" in text


# Where it opens


def test_it_opens_where_one_left_off_if_that_is_unfinished(root, slopes, shapes):
    progress.remember_place(shapes)
    assert app.Watch(root).state.exercise == shapes

    progress.remember_states(shapes, {"Square": "done", "perimeter": "done"})
    assert app.Watch(root).state.exercise == slopes


@pytest.mark.parametrize("place", ["09_gone", 5, None])
def test_a_place_that_is_not_known_is_no_place(place, root, slopes):
    (root / ".gradkata").mkdir()
    (root / ".gradkata/place.json").write_text(f'{{"exercise": {place!r}}}'.replace("'", '"'))

    assert app.Watch(root).state.exercise == slopes


@pytest.fixture
def kata(root, monkeypatch, capsys):
    judged = []
    monkeypatch.setattr(cli, "_judge", lambda asked, *_, **__: judged.append(asked))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kata", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        found = [(e.name, tasks) for asked in judged for e, tasks in asked.items()]
        return left.value.code, found, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("02", ("02_shapes", ["Square", "perimeter"])),
        ("shapes", ("02_shapes", ["Square", "perimeter"])),
        ("exercises/02_shapes/shapes.py", ("02_shapes", ["Square", "perimeter"])),
        ("SQUARE", ("02_shapes", ["Square"])),
    ],
)
def test_in_a_pipe_what_is_named_is_judged(name, asked, kata):
    assert kata(name) == (0, [asked], "")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rest", "no command, exercise or task is called 'rest'; did you mean kata reset?"),
        ("slope", "no exercise matches 'slope'; did you mean 01_slopes?"),
        ("halv", "no task is called 'halv'; did you mean halve?"),
    ],
)
def test_a_name_of_nothing_is_one_line(name, message, kata):
    assert kata(name) == (4, [], f"{message}\n")
