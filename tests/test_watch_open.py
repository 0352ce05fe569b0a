"""What the keys for another way, for the editor and for a search make of the screen."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import toy_course
from rich.console import ConsoleDimensions
from test_watch_update import Player

from gradkata import course
from gradkata.results import Outcome, Record, State, TaskRecord
from gradkata.watch import editor
from gradkata.watch import effects as do
from gradkata.watch import events as on

WAY = '''"""
task: halve
way: multiplies by a half,
    and says so
"""


def halve(x):
    return {0} * x
'''


@pytest.fixture
def player(tmp_path, monkeypatch):
    root = toy_course.build(tmp_path / "toy")
    monkeypatch.chdir(root)
    return Player(root, course.Exercise(root, "01_slopes"))


def judged(player, *states, now=0.0):
    tasks = [TaskRecord(t, s) for t, s in zip(("double", "halve"), states, strict=True)]
    record = Record("01_slopes", Outcome.OK, "", tasks, "", 0.1)
    return player.take(on.Judged(player.state.request.number, record, "", now))


def keep(player, *bodies):
    folder = player.root / "tests/right_answers/01_slopes"
    folder.mkdir(parents=True)
    for number, body in enumerate(bodies):
        (folder / f"halve_{number}.py").write_text(WAY.format(body))


def test_other_ways_are_shown_for_a_task_that_is_done(player):
    keep(player, "0.5")
    judged(player, State.TO_DO, State.DONE)

    text = player.press("a")

    assert "halve: other right ways, 1 to 1 of 1" in text
    assert "multiplies by a half, and says so\ndef halve(x):\n    return 0.5 * x" in text
    assert player.text.endswith("up, down scroll  esc back")


def test_more_ways_than_three_are_shown_after_another_press(player):
    keep(player, "0.5", "0.50", "0.500", "0.5000")
    judged(player, State.TO_DO, State.DONE)

    assert "return 0.5000" not in player.press("a")
    assert "4 to 4 of 4" in player.press("a")
    assert "1 to 3 of 4" in player.press("a")


def test_no_other_way_is_shown_before_a_task_is_done(player):
    keep(player, "0.5")
    judged(player, State.TO_DO, State.WRONG)

    assert "a ways" not in player.text
    assert "a shows other right answers once a task is done" in player.press("a")
    assert player.state.page is None


def test_where_none_is_kept_it_says_so(player):
    judged(player, State.TO_DO, State.DONE)

    assert "no other way of halve is kept here" in player.press("a")


def test_letters_in_the_list_search_and_enter_opens_what_was_found(player):
    assert "02_shapes" in player.press("l")

    text = player.press(*"perim")

    assert "exercises and tasks with: perim" in text
    assert "01_slopes" not in text
    player.press("enter")
    assert player.state.exercise.name == "02_shapes"
    assert player.state.chosen == ("perimeter",)


def test_backspace_takes_a_letter_of_the_search_back_and_escape_leaves(player):
    player.press("l", *"halvj")

    assert "nothing; backspace takes back" in player.text
    assert "01_slopes" in player.press("backspace")
    player.press("escape")
    assert player.state.page is None


def test_without_a_screen_esc_is_a_word(player):
    player.press("l", "esc")

    assert player.state.page is None


def test_o_opens_the_task_at_hand(player):
    judged(player, State.DONE, State.WRONG)

    player.press("o")

    assert player.effects[-1] == do.Edit(player.state.exercise, "halve")


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("exercises/01_slopes/slopes.py:13", 13),
        ("exercises/01_slopes/tests/test_halve.py:8", None),
        ("", None),
    ],
    ids=["of the answer", "of a test", "none"],
)
def test_o_opens_the_line_that_the_verdict_names(place, line, player):
    judged(player, State.DONE, State.WRONG)
    done, wrong = player.state.record.tasks
    record = replace(player.state.record, tasks=[done, replace(wrong, place=place)])
    player.state = replace(player.state, record=record)

    player.press("o")

    assert player.effects[-1] == do.Edit(player.state.exercise, "halve", line)


def test_o_opens_the_line_that_cannot_be_parsed(player):
    judged(player, State.WRONG, State.WRONG)
    error = "exercises/01_slopes/slopes.py:9\nSyntaxError: '(' was never closed"
    record = replace(player.state.record, outcome=Outcome.ERROR, detail=error)
    player.state = replace(player.state, record=record)

    player.press("o")

    assert player.effects[-1].line == 9


def test_what_an_editor_could_not_do_is_a_sentence(player):
    player.take(on.Edited("no program is called vii"))

    assert "no program is called vii" in player.text


@pytest.mark.parametrize(("after", "rings"), [(1.9, False), (2.1, True)])
def test_the_bell_rings_for_a_slow_verdict_if_asked_for(after, rings, player):
    player.state = replace(player.state, bell=True)
    judged(player, State.TO_DO, State.TO_DO, now=player.state.request.at + after)

    assert (do.Ring() in player.effects) is rings


def test_nothing_rings_unless_it_was_asked_for(player):
    judged(player, State.TO_DO, State.TO_DO, now=player.state.request.at + 9)

    assert do.Ring() not in player.effects


def test_with_a_task_done_the_keys_are_one_line_at_80_columns(player):
    judged(player, State.TO_DO, State.DONE)
    player.size = ConsoleDimensions(80, 24)

    bar = player.shown.lines[-1]

    assert bar.startswith("n:next")
    assert bar.endswith("a:ways r:reset q:quit")
    assert len(bar) < 80


@pytest.mark.parametrize(
    ("variables", "words", "takes_screen"),
    [
        ({"EDITOR": "vim"}, ["vim", "+7", "FILE"], True),
        ({"EDITOR": "vim", "VISUAL": "nano -l"}, ["nano", "-l", "+7", "FILE"], True),
        ({"KATA_EDITOR": "hx", "EDITOR": "vim"}, ["hx", "FILE:7"], True),
        ({"EDITOR": "emacs -nw", "DISPLAY": ":0"}, ["emacs", "-nw", "+7", "FILE"], True),
        ({"EDITOR": "emacs", "DISPLAY": ":0"}, ["emacs", "+7", "FILE"], False),
        ({"EDITOR": "code --wait"}, ["code", "--wait", "-g", "FILE:7"], False),
        ({"TERM_PROGRAM": "vscode"}, ["code", "-g", "FILE:7"], False),
        ({"EDITOR": "pycharm"}, ["pycharm", "--line", "7", "FILE"], False),
        ({"EDITOR": "subl"}, ["subl", "FILE:7"], False),
        ({"EDITOR": "msedit"}, ["msedit", "FILE:7"], True),
        ({"EDITOR": "notepad++"}, ["notepad++", "-n7", "FILE"], False),
        ({"EDITOR": "mine"}, ["mine", "FILE"], False),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(variables, words, takes_screen, tmp_path):
    file = tmp_path / "slopes.py"

    wanted = editor.command(file, 7, variables)

    assert wanted.words == [word.replace("FILE", str(file)) for word in words]
    assert wanted.takes_screen is takes_screen


def program(file):
    file.parent.mkdir(parents=True)
    file.write_text("#!/bin/sh\nexit 3\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.skipif(os.name == "nt", reason="there a program has an ending")
@pytest.mark.parametrize(
    ("askpass", "cli"),
    [
        ("lib/vscode/extensions/git/dist", "lib/vscode/bin/remote-cli/code-server"),
        ("share/code/resources/app/extensions/git/dist", "share/code/bin/code"),
        ("Cursor.app/Contents/app/extensions/git/dist", "Cursor.app/Contents/app/bin/cursor"),
    ],
    ids=["in a browser", "on Linux", "on macOS"],
)
def test_in_a_terminal_of_vs_code_that_very_one_is_the_editor(askpass, cli, tmp_path):
    its_own = program(tmp_path / cli)
    other = program(tmp_path / "elsewhere/code")
    variables = {
        "TERM_PROGRAM": "vscode",
        "VSCODE_GIT_ASKPASS_MAIN": str(tmp_path / askpass / "askpass-main.js"),
        "PATH": str(Path(other).parent),
    }

    wanted = editor.command(tmp_path / "slopes.py", 7, variables)

    assert wanted == editor.Command([its_own, "-g", f"{tmp_path}/slopes.py:7"], takes_screen=False)


@pytest.mark.skipif(os.name == "nt", reason="there a program has an ending")
def test_in_a_terminal_of_vs_code_the_path_tells_what_that_is_called(tmp_path):
    codium = Path(program(tmp_path / "bin/codium"))
    variables = {"TERM_PROGRAM": "vscode", "PATH": str(codium.parent)}

    wanted = editor.command(tmp_path / "slopes.py", 7, variables)

    assert wanted.words[:2] == ["codium", "-g"]


def test_without_an_editor_there_is_no_command(tmp_path):
    assert editor.command(tmp_path, 1, {"EDITOR": " "}) is None


@pytest.mark.parametrize(
    ("variables", "words", "takes_screen"),
    [
        ({}, ["notepad", "FILE"], False),
        ({"EDITOR": r"C:\tools\vim.exe"}, [r"C:\tools\vim.exe", "+7", "FILE"], True),
        (
            {"EDITOR": r'"C:\Program Files\Notepad++\notepad++.exe" -multiInst'},
            [r"C:\Program Files\Notepad++\notepad++.exe", "-multiInst", "-n7", "FILE"],
            False,
        ),
    ],
    ids=["none is named", "in the console", "a path with spaces"],
)
def test_on_windows_an_editor_is_always_there(
    variables, words, takes_screen, tmp_path, monkeypatch
):
    monkeypatch.setattr(editor.sys, "platform", "win32")
    monkeypatch.setattr(editor.shutil, "which", lambda name: None)
    file = tmp_path / "slopes.py"

    wanted = editor.command(file, 7, variables)

    assert wanted == editor.Command([w.replace("FILE", str(file)) for w in words], takes_screen)


def test_an_editor_that_is_not_there_or_fails_is_a_sentence():
    missing = editor.run(editor.Command(["no-such-editor"], takes_screen=True))
    failed = editor.run(editor.Command([sys.executable, "-c", "exit(3)"], takes_screen=True))

    assert missing == "no program is called no-such-editor: set KATA_EDITOR to your editor"
    assert failed == f"{Path(sys.executable).stem} ended with exit code 3"


def test_the_line_of_a_task_is_found_in_a_file_that_cannot_be_parsed(player):
    exercise = player.state.exercise
    exercise.file.write_text("import math\n\n\ndef halve(x:\n    return\n")

    assert exercise.line_of("halve") == 4
    assert exercise.line_of("double") == 1
