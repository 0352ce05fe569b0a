import importlib.metadata
import json
import os
import shlex
import shutil
import subprocess
import sys
import time

import pexpect
import pytest
import toy_course
from toy_course import Screen

from gradkata import course
from gradkata.cli import app as cli
from gradkata.course import catalogue, progress

# Python warns of a fork in a process with threads, which a plugin of pytest may have started.
pytestmark = pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")

FILE = "exercises/01_slopes/slopes.py"
KEPT = "exercises/01_slopes/slopes.kept-1.py"
ANSWERS = toy_course.SLOPES.replace("x / 2", "x / 3")
NO_ANSWER = "nothing is done: no terminal to ask in; pass --yes to go ahead\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    for variable in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    root = toy_course.build(tmp_path / "toy")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def slopes(root):
    return course.Exercise(root, "01_slopes")


@pytest.fixture
def shapes(root):
    return course.Exercise(root, "02_shapes")


def print_overview(root):
    cli.show_overview(course.exercises(root))


@pytest.fixture
def kata(root, monkeypatch, capsys):
    # That `kata` alone judges first has tests of its own.
    monkeypatch.setattr(cli, "_judge_once", print_overview)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kata", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return Screen(left.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def kata_in_a_terminal(root):
    started = []

    def run(*arguments, columns=80, **variables):
        child = pexpect.spawn(
            sys.executable,
            ["-c", toy_course.RUN, *arguments],
            cwd=root,
            env=toy_course.child_environment() | {"TERM": "xterm-256color"} | variables,
            encoding="utf-8",
            dimensions=(40, columns),
            timeout=15,
        )
        started.append(child)
        return child

    yield run
    for child in started:
        toy_course.end(child)


def all_of(child):
    """Return what is left to read, and the exit code."""
    child.expect(pexpect.EOF)
    text = child.before.replace("\r\n", "\n")
    child.close()
    return text, child.exitstatus


# Where the learner stands


def test_an_untouched_course_is_to_do(kata):
    assert kata() == Screen(
        0,
        "01_slopes  ··  0 of 2\n"
        "02_shapes  ··  0 of 2\n"
        "\n"
        "· to do\n"
        "\n"
        "0 of 4 tasks done\n"
        "next: pytest exercises/01_slopes\n",
        "",
    )


def test_what_a_run_found_is_shown(kata, slopes):
    progress.remember_states(slopes, {"double": "done", "halve": "wrong"})

    screen = kata()

    assert "01_slopes  ✓✗  1 of 2\n" in screen.out
    assert "\n✓ done  ✗ wrong  · to do\n" in screen.out
    assert "\n1 of 4 tasks done\n" in screen.out


def test_a_changed_file_is_not_known_until_it_is_run(kata, slopes):
    progress.remember_states(slopes, {"double": "to do", "halve": "to do"})
    slopes.file.write_text(ANSWERS)

    screen = kata()

    assert "01_slopes  ??  0 of 2\n" in screen.out
    assert "\n· to do  ? not known until pytest runs it\n" in screen.out
    assert "\n0 of 4 tasks known to be done\n" in screen.out


def test_a_state_of_another_version_is_not_known(kata, slopes):
    progress.remember_states(slopes, {"double": "half done", "halve": "done"})

    assert "01_slopes  ?✓  1 of 2\n" in kata().out


def test_a_task_of_an_untouched_file_is_to_do_beside_what_a_run_found(kata, slopes):
    progress.remember_states(slopes, {"halve": "wrong"})

    assert "01_slopes  ·✗  0 of 2\n" in kata().out


def test_next_is_the_first_exercise_that_is_not_done(kata, slopes):
    progress.remember_states(slopes, {"double": "done", "halve": "done"})

    assert kata().out.endswith("\nnext: pytest exercises/02_shapes\n")


def test_an_exercise_without_tests_is_never_next(kata, slopes):
    shutil.rmtree(slopes.tests)

    assert kata().out.endswith("\nnext: pytest exercises/02_shapes\n")


def test_a_course_that_is_done_has_nothing_next(kata, slopes, shapes):
    progress.remember_states(slopes, {"double": "done", "halve": "done"})
    progress.remember_states(shapes, {"Square": "done", "perimeter": "done"})

    assert kata().out.endswith("\n\n4 of 4 tasks done\n")


def test_next_is_to_bring_a_missing_file_back(kata, slopes):
    slopes.file.unlink()

    assert kata().out.endswith("\nnext: kata reset 01 (its file is missing)\n")


def test_next_can_be_typed_in_the_folder_of_the_exercise(kata, slopes, monkeypatch):
    monkeypatch.chdir(slopes.folder)

    assert kata().out.endswith("\nnext: pytest .\n")


def test_next_can_be_typed_where_a_folder_has_a_space(kata, root, tmp_path, monkeypatch):
    root.rename(tmp_path / "my course")
    place = tmp_path / "my course" / toy_course.CATALOGUE
    monkeypatch.setattr(catalogue, "__file__", str(place))
    monkeypatch.chdir(tmp_path)

    assert kata().out.endswith("\nnext: pytest 'my course/exercises/01_slopes'\n")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"def (\n"], ids=["no text", "no syntax"])
def test_a_file_that_cannot_be_parsed_is_not_known(kata, slopes, content):
    slopes.file.write_bytes(content)

    assert "01_slopes  ??  0 of 2\n" in kata().out


def test_a_stub_with_other_line_ends_is_to_do(kata, slopes):
    text = slopes.file.read_text()
    slopes.file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert "01_slopes  ··  0 of 2\n" in kata().out


# kata list


def test_the_list_shows_every_task_and_its_state(kata, slopes):
    progress.remember_states(slopes, {"double": "done", "halve": "wrong"})

    assert kata("list") == Screen(
        0,
        "01_slopes  ✓ double  ✗ halve\n"
        "02_shapes  · Square  · perimeter\n"
        "\n"
        "✓ done  ✗ wrong  · to do\n",
        "",
    )


def test_the_list_folds_between_tasks_in_a_narrow_terminal(kata_in_a_terminal):
    text, _ = all_of(kata_in_a_terminal("list", columns=30, NO_COLOR="1"))

    assert "02_shapes  · Square\n           · perimeter\n" in text


def test_the_list_is_a_line_for_each_exercise_in_a_pipe(kata, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")

    assert "02_shapes  · Square  · perimeter\n" in kata("list").out


def test_signs_are_coloured_in_a_terminal(kata_in_a_terminal, slopes):
    progress.remember_states(slopes, {"double": "done", "halve": "wrong"})

    text, _ = all_of(kata_in_a_terminal("list"))

    assert "\x1b[32m✓\x1b[0m double  \x1b[31m✗\x1b[0m halve" in text


def test_a_terminal_without_colours_gets_none(kata_in_a_terminal, slopes):
    progress.remember_states(slopes, {"double": "done", "halve": "wrong"})

    text, _ = all_of(kata_in_a_terminal("list", NO_COLOR="1"))

    assert "✓ double  ✗ halve" in text
    assert "\x1b[3" not in text


def test_signs_are_ascii_where_the_encoding_has_no_others(root, slopes):
    progress.remember_states(slopes, {"double": "done", "halve": "wrong"})

    screen = subprocess.run(
        [sys.executable, "-c", toy_course.RUN, "list"],
        cwd=root,
        env=toy_course.child_environment() | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )

    assert screen.stdout.startswith(b"01_slopes  + double  x halve")


# kata hint


def test_a_hint_is_one_step_more_each_time(kata):
    first, second = kata("hint", "double"), kata("hint", "double")

    assert first.out == (
        "double, hint 1 of 2\n\n"
        "Twice is `x` and `x` once more.\n\n"
        "one step more: kata hint double\n"
    )
    assert second.out.startswith("double, hint 2 of 2\n\nMultiply:\n\n```python\n2 * x\n```\n")


def test_the_last_hint_says_that_it_is_the_last_and_stays(kata):
    last = "\nthis is the last hint; our solution: kata solution halve\n"

    first, again = kata("hint", "halve"), kata("hint", "halve")

    assert first.out == again.out == "halve, hint 1 of 1\n\nDivide.\n" + last


def test_a_hint_is_rendered_in_a_terminal(kata_in_a_terminal):
    text, _ = all_of(kata_in_a_terminal("hint", "double", NO_COLOR="1"))

    assert "Twice is \x1b[1mx\x1b[0m and \x1b[1mx\x1b[0m once more." in text


def test_a_hint_without_a_task_is_for_the_first_not_known_to_be_done(kata, slopes):
    progress.remember_states(slopes, {"double": "done", "halve": "wrong"})

    assert kata("hint").out.startswith("halve, hint 1 of 1\n")


def test_a_hint_without_a_task_says_when_every_task_is_done(kata, slopes, shapes):
    progress.remember_states(slopes, {"double": "done", "halve": "done"})
    progress.remember_states(shapes, {"Square": "done", "perimeter": "done"})

    screen = kata("hint")

    assert screen.out == "every task is done; name one to read its hints: kata hint TASK\n"


def test_a_task_without_hints_says_so(kata):
    assert kata("hint", "square").out == (
        "Square has no hints; our solution: kata solution Square\n"
    )


# kata reset


def test_reset_writes_the_stub_and_keeps_the_answers(kata, slopes):
    stub = slopes.file.read_text()
    slopes.file.write_text(ANSWERS)

    screen = kata("reset", "01", "--yes")

    assert screen == Screen(
        0,
        f"{FILE} is the stub again\nto have your answers back: cp {KEPT} {FILE}\n",
        "",
    )
    assert slopes.file.read_text() == stub
    assert slopes.file.with_name("slopes.kept-1.py").read_text() == ANSWERS


@pytest.mark.skipif(os.name == "nt", reason="cp is the word of other systems")
@pytest.mark.parametrize("below", [".", "exercises/01_slopes", "solutions"])
def test_the_command_that_reset_prints_brings_the_answers_back(
    kata, root, slopes, below, monkeypatch
):
    monkeypatch.chdir(root / below)
    slopes.file.write_text(ANSWERS)

    command = kata("reset", "01", "--yes").out.partition("back: ")[2]
    subprocess.run(shlex.split(command), check=True)

    assert slopes.file.read_text() == ANSWERS


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbfx = 1\n", b"x = 1\r\ny = 2\r", b"\xff\x00\xfe", b""],
    ids=["byte order mark", "line ends", "no text", "empty"],
)
def test_what_reset_keeps_is_the_same_to_the_byte(kata, slopes, content):
    slopes.file.write_bytes(content)

    kata("reset", "01", "--yes")

    assert slopes.file.with_name("slopes.kept-1.py").read_bytes() == content


def test_what_was_kept_before_is_not_overwritten(kata, slopes):
    slopes.file.with_name("slopes.kept-1.py").write_text("first")
    slopes.file.write_text("second")

    screen = kata("reset", "01", "--yes")

    assert slopes.file.with_name("slopes.kept-1.py").read_text() == "first"
    assert slopes.file.with_name("slopes.kept-2.py").read_text() == "second"
    assert "cp exercises/01_slopes/slopes.kept-2.py" in screen.out


def test_reset_leaves_other_exercises_and_what_is_remembered(kata, slopes, shapes):
    slopes.file.write_text(ANSWERS)
    shapes.file.write_text(toy_course.SHAPES)
    progress.remember_states(shapes, {"Square": "done"})
    progress.next_hint(slopes, "double", 2)

    kata("reset", "01", "--yes")

    assert shapes.file.read_text() == toy_course.SHAPES
    assert progress.known_states(shapes) == {"Square": "done"}
    assert progress.next_hint(slopes, "double", 2) == 2


def test_reset_of_a_stub_does_nothing(kata, slopes):
    screen = kata("reset", "01")

    assert screen == Screen(0, f"{FILE} is the stub already\n", "")
    assert not slopes.file.with_name("slopes.kept-1.py").exists()


def test_reset_brings_a_missing_stub_back_without_asking(kata, slopes):
    stub = slopes.file.read_text()
    slopes.file.unlink()

    screen = kata("reset", "01")

    assert screen == Screen(0, f"{FILE} was missing; the stub is back\n", "")
    assert slopes.file.read_text() == stub


def test_reset_does_nothing_where_nobody_can_be_asked(kata, slopes):
    slopes.file.write_text(ANSWERS)

    assert kata("reset", "01") == Screen(1, "", NO_ANSWER)
    assert slopes.file.read_text() == ANSWERS


def test_reset_asks_in_a_terminal_and_no_leaves_the_file(kata_in_a_terminal, slopes):
    slopes.file.write_text(ANSWERS)
    child = kata_in_a_terminal("reset", "01", columns=200)
    child.expect_exact(
        f"{FILE} becomes the stub again; your file is kept beside it. Reset it? [y/N]"
    )

    child.sendline("n")

    assert all_of(child) == (" n\nnothing is done\n", 1)
    assert slopes.file.read_text() == ANSWERS
    assert not slopes.file.with_name("slopes.kept-1.py").exists()


def test_reset_asks_in_a_terminal_and_yes_keeps_the_old_file(kata_in_a_terminal, slopes):
    slopes.file.write_text(ANSWERS)
    child = kata_in_a_terminal("reset", "01", columns=200)
    child.expect_exact("[y/N] ")

    child.sendline("y")

    assert f"{FILE} is the stub again" in all_of(child)[0]
    assert slopes.file.with_name("slopes.kept-1.py").read_text() == ANSWERS


@pytest.mark.parametrize("answer", ["", "yea", "ye", "nyes"])
def test_reset_takes_nothing_but_yes_for_yes(kata_in_a_terminal, slopes, answer):
    slopes.file.write_text(ANSWERS)
    child = kata_in_a_terminal("reset", "01", columns=200)
    child.expect_exact("[y/N] ")

    child.sendline(answer)

    assert all_of(child)[1] == 1
    assert slopes.file.read_text() == ANSWERS


def test_reset_does_nothing_at_the_end_of_input(kata_in_a_terminal, slopes):
    slopes.file.write_text(ANSWERS)
    child = kata_in_a_terminal("reset", "01", columns=200)
    child.expect_exact("[y/N] ")

    child.sendeof()

    text, code = all_of(child)
    assert "\nnothing is done: no answer; pass --yes to go ahead without one\n" in text
    assert code == 1
    assert slopes.file.read_text() == ANSWERS


def test_what_is_saved_while_reset_asks_is_kept(kata_in_a_terminal, slopes):
    slopes.file.write_text(ANSWERS)
    child = kata_in_a_terminal("reset", "01", columns=200)
    child.expect_exact("[y/N] ")
    slopes.file.write_text("saved = 'late'\n")

    child.sendline("yes")

    all_of(child)
    assert slopes.file.with_name("slopes.kept-1.py").read_text() == "saved = 'late'\n"


# kata solution


def test_the_solution_is_a_diff_from_the_learners_definition(kata, slopes):
    slopes.file.write_text(ANSWERS)

    assert kata("solution", "halve", "--yes") == Screen(
        0,
        f"--- {FILE}\n"
        "+++ solutions/01_slopes/slopes.py\n"
        " def halve(x: float) -> float:\n"
        '     """Return half of x."""\n'
        "-    return x / 3\n"
        "+    return x / 2\n",
        "",
    )


def test_the_diff_is_coloured_in_a_terminal(kata_in_a_terminal, slopes):
    slopes.file.write_text(ANSWERS)

    text, _ = all_of(kata_in_a_terminal("solution", "halve", "--yes"))

    assert "\x1b[31m-    return x / 3\x1b[0m\n\x1b[32m+    return x / 2\x1b[0m" in text


def test_decorators_belong_to_the_solution(kata, shapes):
    shapes.file.write_text(toy_course.SHAPES.replace("@functools.cache\n", ""))

    assert "+@functools.cache\n def perimeter" in kata("solution", "perimeter", "--yes").out


def test_a_task_known_to_be_done_needs_no_question(kata, slopes):
    slopes.file.write_text(ANSWERS)
    progress.remember_states(slopes, {"halve": "done"})

    assert "+    return x / 2\n" in kata("solution", "halve").out


def test_the_solution_is_not_shown_where_nobody_can_be_asked(kata):
    assert kata("solution", "halve") == Screen(1, "", NO_ANSWER)


def test_the_solution_asks_in_a_terminal_and_no_hides_it(kata_in_a_terminal):
    child = kata_in_a_terminal("solution", "halve")
    child.expect_exact("halve is not known to be done. Show our solution? [y/N]")

    child.sendline("n")

    assert all_of(child) == (" n\nnothing is done\n", 1)


def test_the_solution_asks_in_a_terminal_and_yes_shows_it(kata_in_a_terminal):
    child = kata_in_a_terminal("solution", "halve")
    child.expect_exact("[y/N] ")

    child.sendline("y")

    assert "+    return x / 2" in all_of(child)[0]


def test_the_same_answer_as_ours_is_told_so(kata, slopes):
    slopes.file.write_text(toy_course.SLOPES)

    assert kata("solution", "halve", "--yes").out == "your halve is ours, word for word\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def (\n", f"{FILE}:1 cannot be parsed"),
        (b"x = 1\ny = (\n", f"{FILE}:2 cannot be parsed"),
        (b"\xff\xfe", f"{FILE} is not text in its encoding"),
        (b"def double(x): ...\n", f"{FILE} does not define halve"),
    ],
    ids=["no syntax", "no syntax below", "no text", "no such task"],
)
def test_the_solution_is_shown_whole_where_there_is_nothing_to_compare(
    kata, slopes, content, reason
):
    slopes.file.write_bytes(content)

    assert kata("solution", "halve", "--yes").out == (
        f"{reason}; ours:\n\n"
        'def halve(x: float) -> float:\n    """Return half of x."""\n    return x / 2\n\n'
    )


def test_the_solution_is_shown_whole_beside_a_missing_file(kata, slopes):
    slopes.file.unlink()

    screen = kata("solution", "halve", "--yes")

    assert screen.out.startswith(f"{FILE} is missing; ours:\n\ndef halve(")


def test_a_task_that_our_file_does_not_define_says_where_to_read(kata, slopes):
    slopes.solution.write_text("def double(x):\n    return 2 * x\n")

    assert kata("solution", "halve", "--yes").out == (
        "our solution does not define halve; read solutions/01_slopes/slopes.py\n"
    )


# What cannot be done


@pytest.mark.parametrize("command", ["hint", "solution"])
def test_an_unknown_task_is_one_line(kata, command):
    assert kata(command, "[b]halv") == Screen(
        4, "", "no task is called '[b]halv'; did you mean halve?\n"
    )


def test_an_unknown_exercise_is_one_line(kata):
    assert kata("reset", "slope") == Screen(
        4, "", "no exercise matches 'slope'; did you mean 01_slopes?\n"
    )


@pytest.mark.parametrize("command", [[], ["list"], ["hint"], ["reset", "1"], ["solution", "x"]])
def test_where_there_is_no_course_a_line_says_so(kata, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(catalogue, "__file__", str(tmp_path / toy_course.CATALOGUE))

    assert kata(*command) == Screen(
        4, "", "no course here: run kata where the folder exercises is, or below it\n"
    )


def test_tests_that_cannot_be_parsed_are_one_line(kata, slopes):
    slopes.tests_of("halve").write_text("x = 1\ndef (\n")

    assert kata("check", "01") == Screen(
        4, "", "cannot read exercises/01_slopes/tests/test_halve.py, line 2: invalid syntax\n"
    )


def test_a_file_that_cannot_be_used_is_one_line(kata, slopes):
    slopes.file.unlink()
    slopes.file.mkdir()

    assert kata("reset", "01") == Screen(4, "", f"cannot use {FILE}: Is a directory\n")


def test_the_version_is_that_of_the_package(kata, monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", {"gradkata": "1.2.3"}.__getitem__)

    assert kata("--version") == Screen(0, "gradkata 1.2.3\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_names_every_command(kata, option):
    screen = kata(option)

    assert screen.code == 0
    assert screen.out.startswith("Usage: kata [OPTIONS] COMMAND [ARGS]...\n")
    listed = screen.out.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    # An older typer lists what is hidden, too.
    assert [name for line in listed if (name := line.split()[0]) != "open"] == [
        "init",
        "list",
        "hint",
        "check",
        "reset",
        "solution",
        "doctor",
        "plot",
        "update",
        "grade",
        "room",
        "join",
        "leave",
    ]


# What no command waits for


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["hint", "double"], ["reset", "01", "--yes"], ["solution", "halve", "--yes"]],
    ids=" ".join,
)
def test_no_command_imports_torch_or_what_does(root, slopes, arguments):
    slopes.file.write_text(ANSWERS)
    code = (
        "import sys\n"
        "from gradkata.cli import main\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print('loaded:', *sorted({'torch', 'pytest', 'gradkata.checks'} & set(sys.modules)))"
    )

    screen = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=root,
        env=toy_course.child_environment(),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    assert screen.stdout.endswith("loaded:\n")


def test_importing_the_command_line_imports_neither_torch_nor_rich():
    heavy = {"torch", "pytest", "rich.console"}
    code = f"import sys, gradkata.cli.app; print({heavy} & set(sys.modules))"

    screen = subprocess.run(
        [sys.executable, "-c", code],
        env=toy_course.child_environment(),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )

    assert screen.stdout == "set()\n"


# check


@pytest.fixture
def solved(root):
    """The toy course with its first exercise solved, and the project's own settings of pytest."""
    shutil.copy(root / "solutions/01_slopes/slopes.py", root / "exercises/01_slopes/slopes.py")
    return root


def kata_in_a_process(root, *arguments):
    command = [sys.executable, "-c", toy_course.RUN, *arguments]
    return subprocess.run(
        command,
        cwd=root,
        env=toy_course.child_environment(),
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_check_judges_an_exercise_that_is_done(solved):
    found = kata_in_a_process(solved, "check", "01")

    assert found.stdout == "01_slopes  ✓ double  ✓ halve\n\n2 of 2 tasks done\n"
    assert found.returncode == 0


def test_an_error_of_the_system_without_a_file_is_told_by_its_own_words(kata, monkeypatch):
    def refuse(*_):
        raise OSError("libcudart.so.12: cannot open shared object file")

    monkeypatch.setattr("gradkata.course.exercises", refuse)

    assert kata("list").err == "libcudart.so.12: cannot open shared object file\n"


@pytest.mark.parametrize(
    ("device", "why"),
    [
        ("cdua", "no such device; did you mean cuda?"),
        ("mps", "MPS has no float64, in which the course computes; --device cpu works everywhere"),
    ],
)
def test_check_says_why_a_device_cannot_be_used(device, why, solved, kata):
    found = kata("check", "01", "--device", device)

    words = f"error: --device {device}: {why}"
    assert f"✗ 01_slopes   {words}\n" in found.out
    assert found.code == 1


def test_check_without_a_name_judges_every_exercise(solved, kata):
    found = kata("check")

    assert "01_slopes  ✓ double  ✓ halve\n02_shapes  · Square  · perimeter\n" in found.out
    assert found.out.endswith("\n2 of 4 tasks done\n")
    assert found.code == 1


def test_check_shows_a_fault_with_its_place(solved, kata):
    (solved / FILE).write_text(ANSWERS)

    found = kata("check", "halve")

    assert "✗ halve   exercises/01_slopes/slopes.py:11\n    0.6666666666666666 == 1\n" in found.out
    assert found.code == 1


def test_check_of_a_task_looks_at_that_task_alone(solved, kata):
    (solved / FILE).write_text(ANSWERS)

    assert kata("check", "DOUBLE").code == 0


def test_check_says_how_an_exercise_ended(solved, kata):
    (solved / FILE).write_text(ANSWERS.replace("return x / 3", "import os; os._exit(0)"))

    found = kata("check", "01")

    assert "\n    the process ended with code 0 in the middle of a test\n" in found.out
    assert "crashed" not in found.out
    assert found.code == 1


def test_check_prints_records_as_json(solved, kata):
    found = kata("check", "01", "--json")

    (record,) = json.loads(found.out)
    assert (record["exercise"], record["outcome"]) == ("01_slopes", "ok")
    assert [task["state"] for task in record["tasks"]] == ["done", "done"]
    assert record["schema"] == 1


def test_check_takes_other_answers(solved, kata):
    found = kata("check", "--answers", "solutions")

    assert found.out.endswith("\n4 of 4 tasks done\n")
    assert found.code == 0


def test_check_remembers_what_it_found(solved, slopes, kata):
    kata("check", "01")

    assert progress.known_states(slopes) == {"double": "done", "halve": "done"}


def test_check_names_the_nearest_task(kata):
    found = kata("check", "halv")

    assert (found.code, found.err) == (4, "no task is called 'halv'; did you mean halve?\n")


def test_check_refuses_a_folder_that_is_not_there(kata):
    found = kata("check", "--answers", "nowhere")

    assert (found.code, found.err) == (4, "--answers nowhere: no such folder\n")


def test_ctrl_c_ends_a_check_and_all_its_processes(solved, kata_in_a_terminal, tmp_path):
    note = tmp_path / "pid"
    body = f"open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(1000)"
    (solved / FILE).write_text("import os, time\n" + ANSWERS.replace("return x / 3", body))
    terminal = kata_in_a_terminal("check", "01")
    while not note.exists() or not note.read_text():
        time.sleep(0.05)

    terminal.sendintr()

    terminal.expect_exact("stopped")
    terminal.expect(pexpect.EOF)
    time.sleep(0.5)
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
