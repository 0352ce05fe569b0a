"""What pytest prints and returns for a learner: states, faults, the board, exit codes."""

import os
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import toy_course
from judging import judge

from gradkata import course
from gradkata.course import progress
from gradkata.plugin.summary import Board
from gradkata.results import State, Verdict

SOLVED = toy_course.SLOPES
WRONG_HALF = SOLVED.replace("x / 2", "x / 4")
HALF_TO_DO = SOLVED.replace("return x / 2", "raise NotImplementedError")


@pytest.fixture
def root(tmp_path):
    return toy_course.build(tmp_path / "toy")


@pytest.fixture
def slopes(root):
    """The file that a learner writes in."""
    return course.Exercise(root, "01_slopes").file


def run(root, *arguments):
    """Judge the first exercise."""
    return judge("exercises/01_slopes", *arguments, root=root)


def pytest_in_a_process(folder, *arguments):
    """Run pytest as a learner does, in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment | {"COLUMNS": "80"}, capture_output=True, text=True
    )


def last_line(output):
    return output.rstrip().splitlines()[-1]


# States


def test_an_untouched_exercise_is_to_do_with_a_line_for_each_task(root):
    found = run(root)

    assert found.states() == {"double": "to do", "halve": "to do"}
    assert "· double   exercises/01_slopes/slopes.py:8   to do\n" in found.output
    assert "· halve    exercises/01_slopes/slopes.py:13   to do\n" in found.output
    assert found.exit_code == 1


def test_a_right_body_is_done_and_leaves_the_rest_to_do(root, slopes):
    slopes.write_text(HALF_TO_DO)

    found = run(root)

    assert found.states() == {"double": "done", "halve": "to do"}
    assert "01_slopes  ✓ double  · halve\n" in found.output


def test_a_wrong_body_is_wrong_with_its_place_and_the_fact(root, slopes):
    slopes.write_text(WRONG_HALF)

    found = run(root)

    assert found.states() == {"double": "done", "halve": "wrong"}
    assert "✗ halve   exercises/01_slopes/slopes.py:11\n    0.5 == 1\n" in found.output
    found_by = (
        "    found by test_two_becomes_one\n      exercises/01_slopes/tests/test_halve.py:7\n"
    )
    assert f"\n{found_by}" in found.output


def test_all_right_bodies_end_with_exit_code_0(root, slopes):
    slopes.write_text(SOLVED)

    found = run(root)

    assert found.states() == {"double": "done", "halve": "done"}
    assert found.exit_code == 0


def test_a_body_that_calls_another_unwritten_task_is_wrong(root, slopes):
    unwritten = "raise NotImplementedError"
    slopes.write_text(SOLVED.replace("return 2 * x", unwritten).replace("x / 2", "x / double(1)"))

    found = run(root)

    assert found.states() == {"double": "to do", "halve": "wrong"}
    assert "NotImplementedError" in found.text("halve")
    assert "return x / double(1)   in halve" in found.text("halve")


def test_a_task_whose_last_test_alone_fails_is_wrong(root, slopes):
    with (root / "exercises/01_slopes/tests/test_double.py").open("a") as tests:
        tests.write("\n\ndef test_more():\n    assert False, 'no'\n")
    slopes.write_text(SOLVED)

    assert run(root).state("double") == "wrong"


# The same states whichever way pytest is run


@pytest.fixture
def one_of_each(root, slopes):
    """A course with a task that is done and one that is wrong, and one that is to do."""
    slopes.write_text(WRONG_HALF)
    shapes = course.Exercise(root, "02_shapes")
    shapes.file.write_text(
        toy_course.SHAPES.replace("return 4 * side", "raise NotImplementedError")
    )
    return root


BOARD = "01_slopes  ✓ double  ✗ halve\n02_shapes  ✓ Square  · perimeter\n"


@pytest.mark.parametrize("option", ["-q", "-v", "-vv", "--color=no", "-p no:timeout"])
def test_the_board_is_the_same_with(option, one_of_each):
    found = judge(*option.split(), root=one_of_each)

    assert BOARD in found.output
    assert found.exit_code == 1


def test_the_board_is_the_same_with_last_failed_but_for_what_did_not_run(one_of_each):
    with_memory = ("-p", "cacheprovider")
    judge(*with_memory, root=one_of_each)

    found = judge(*with_memory, "--lf", root=one_of_each)

    assert "01_slopes  ✗ halve\n02_shapes  · perimeter\n" in found.output


def test_a_chosen_task_is_shown_alone(one_of_each):
    found = judge("-k", "around", root=one_of_each)

    assert "02_shapes  · perimeter\n" in found.output
    assert "01_slopes" not in found.output.replace("exercises/01_slopes", "")


def test_the_board_is_the_same_from_inside_an_exercises_folder(one_of_each):
    found = judge(root=one_of_each / "exercises" / "01_slopes")

    assert "01_slopes  ✓ double  ✗ halve\n" in found.output
    assert "✗ halve   slopes.py:11\n" in found.output
    assert "found by test_two_becomes_one\n      tests/test_halve.py:7\n" in found.output


def test_a_task_is_not_done_while_some_of_its_tests_did_not_run(root, slopes):
    with (root / "exercises/01_slopes/tests/test_double.py").open("a") as tests:
        tests.write("\n\ndef test_zero():\n    pass\n")
    slopes.write_text(SOLVED)

    found = run(root, "-k", "zero")

    assert "01_slopes  ? double (1 of 2 tests ran)\n" in found.output
    assert last_line(found.output) == "0 of 1 task done · next: pytest exercises/01_slopes"


def test_under_xdist_the_board_is_the_same_and_junit_has_each_exercise_task_and_state(one_of_each):
    found = pytest_in_a_process(one_of_each, "-n2", "--junitxml=report.xml")

    assert BOARD in found.stdout
    assert found.returncode == 1
    cases = ElementTree.parse(one_of_each / "report.xml").iter("testcase")
    properties = [{p.get("name"): p.get("value") for p in case.iter("property")} for case in cases]
    states = {(p["exercise"], p["task"]): p["state"] for p in properties}
    assert states == {
        ("01_slopes", "double"): "done",
        ("01_slopes", "halve"): "wrong",
        ("02_shapes", "Square"): "done",
        ("02_shapes", "perimeter"): "to do",
    }


def test_verbose_names_each_tests_state(one_of_each):
    found = judge("-v", root=one_of_each)

    assert re.search(r"test_two_becomes_four DONE", found.output)
    assert re.search(r"test_two_becomes_one WRONG", found.output)
    assert re.search(r"test_around_two TO DO", found.output)


# The screen


def test_pytests_own_closing_line_counts_both_kinds_as_failed(one_of_each):
    found = judge(root=one_of_each)

    assert re.search(r"^=+ 2 failed, 2 passed in .*=+$", found.output, re.MULTILINE)


def test_the_last_line_is_what_to_type_next(root):
    assert last_line(run(root).output) == "0 of 2 tasks done · next: double · kata hint double"


def test_the_last_line_leads_to_the_next_exercise_when_one_is_done(root, slopes):
    slopes.write_text(SOLVED)

    found = run(root)

    assert last_line(found.output) == "2 of 2 tasks done · next: pytest exercises/02_shapes"


@pytest.mark.parametrize(
    ("below", "path"),
    [("exercises/01_slopes", "../02_shapes"), ("..", '"my toy/exercises/02_shapes"')],
    ids=["inside", "above"],
)
def test_the_next_exercise_is_named_as_it_is_typed_from_there(below, path, tmp_path):
    root = toy_course.build(tmp_path / "my toy")
    course.Exercise(root, "01_slopes").file.write_text(SOLVED)

    found = pytest_in_a_process(root / below, root / "exercises/01_slopes")

    assert last_line(found.stdout) == f"2 of 2 tasks done · next: pytest {path}"


def test_the_last_line_leads_nowhere_when_all_is_done(root):
    shutil.copytree(root / "solutions", root / "exercises", dirs_exist_ok=True)

    assert last_line(judge(root=root).output) == "4 of 4 tasks done"


def test_no_traceback_is_shown_unless_it_is_asked_for(root, slopes):
    slopes.write_text(SOLVED.replace("x / 2", "x / zero"))

    plain, full = run(root).output, run(root, "--full-trace").output

    assert "Traceback" not in plain
    assert "test_halve.py:8" not in plain
    assert "def halve" in full
    assert "01_slopes  ✓ double  ✗ halve\n" in full


def test_an_error_shows_the_learners_own_lines(root, slopes):
    slopes.write_text(SOLVED.replace("x / 2", "x / zero"))

    assert run(root).text("halve").splitlines() == [
        "✗ halve   exercises/01_slopes/slopes.py:13",
        "    NameError: name 'zero' is not defined",
        "      13  return x / zero   in halve",
    ]


def test_what_a_wrong_answer_printed_is_shown(root, slopes):
    slopes.write_text(WRONG_HALF.replace("return x / 4", "print('x is', x); return x / 4"))

    assert "    printed:\n      x is 2\n" in run(root).output


def test_no_time_limit_is_no_time_limit(root, slopes):
    slopes.write_text(SOLVED.replace("return x / 2", "import time; time.sleep(1); return x / 2"))

    found = run(root, "--timeout", "0", "-o", "timeout=0.5")

    assert found.state("halve") == "done"


def test_a_terminal_without_unicode_gets_plain_signs(root, slopes, monkeypatch):
    slopes.write_text(WRONG_HALF)
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")

    found = pytest_in_a_process(root, "exercises/01_slopes")

    assert "01_slopes  + double  x halve\n" in found.stdout


def test_a_narrow_terminal_folds_the_board(root):
    slopes = course.Exercise(root, "01_slopes")
    board = Board([slopes])
    for task in ("double", "halve"):
        board.add(Verdict(exercise=slopes.name, task=task, test=f"test_{task}", state=State.DONE))

    assert board.rows(width=25) == ["01_slopes  ✓ double", "           ✓ halve"]


def test_what_is_not_as_usual_is_said(root):
    found = run(root, "--answers", "solutions", "--seed", "3")

    assert "\nanswers solutions · seed 3\n" in found.output


def test_tests_that_belong_to_no_task_are_left_to_pytest(root):
    (root / "test_mine.py").write_text("def test_mine():\n    x = 1\n    assert x == 2\n")

    found = judge("test_mine.py", root=root)

    assert "E       assert 1 == 2" in found.output
    assert "tasks done" not in found.output


def test_a_folder_that_is_no_course_is_left_to_pytest(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.pytest]\n")
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    pass\n")

    found = judge(root=tmp_path)

    assert found.exit_code == 0
    assert "tasks done" not in found.output


# Whose answers


def test_answers_are_taken_from_the_folder_that_is_named(root):
    found = run(root, "--answers", "solutions")

    assert found.states() == {"double": "done", "halve": "done"}
    assert found.exit_code == 0


def test_answers_are_found_from_inside_an_exercises_folder_too(root):
    folder = root / "exercises" / "01_slopes"

    assert judge("--answers", "../../solutions", root=folder).exit_code == 0
    assert judge("--answers", "solutions", root=folder).exit_code == 0


def test_a_conftest_or_a_test_file_among_the_answers_is_never_read(root, tmp_path):
    answers = tmp_path / "hers"
    shutil.copytree(root / "solutions", answers)
    for name in ("conftest.py", "01_slopes/conftest.py", "01_slopes/test_slopes.py"):
        (answers / name).write_text("raise SystemExit('read')\n")

    assert run(root, "--answers", str(answers)).exit_code == 0


def test_a_stray_file_named_like_a_library_shadows_nothing(root):
    for name in ("random", "torch", "pytest"):
        (root / "exercises" / "01_slopes" / f"{name}.py").write_text("raise SystemExit\n")

    assert run(root, "--answers", "solutions").exit_code == 0


def test_an_answer_that_was_saved_in_the_same_second_is_read_anew(root, slopes):
    slopes.write_text(SOLVED)
    stamp = slopes.stat()
    first = run(root)
    slopes.write_text(SOLVED.replace("2 * x", "3 * x"))
    os.utime(slopes, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    second = run(root)

    assert (first.state("double"), second.state("double")) == ("done", "wrong")


# Options that fit nothing


def test_a_folder_of_answers_that_is_not_there_is_a_usage_error_naming_the_nearest(root):
    found = pytest_in_a_process(root, "--answers", "solution")

    assert found.returncode == 4
    assert found.stderr == "ERROR: --answers solution: no such folder; did you mean solutions?\n\n"
    assert found.stdout == ""


def test_cuda_without_cuda_is_a_usage_error(root):
    found = pytest_in_a_process(root, "--device", "cuda")

    assert found.returncode == 4
    assert re.fullmatch(
        r"ERROR: --device cuda: torch \S+ sees no CUDA device here; "
        r"--device cpu works everywhere\n\n",
        found.stderr,
    )


def test_mps_is_refused_for_it_has_no_float64(root):
    found = pytest_in_a_process(root, "--device", "mps")

    assert found.returncode == 4
    assert found.stderr == (
        "ERROR: --device mps: MPS has no float64, in which the course computes; "
        "--device cpu works everywhere\n\n"
    )


def test_a_device_that_does_not_exist_is_a_usage_error(root):
    found = pytest_in_a_process(root, "--device", "cud")

    assert found.returncode == 4
    assert found.stderr == "ERROR: --device cud: no such device; did you mean cuda?\n\n"


@pytest.mark.parametrize("name", ["exercises/1_slops", "1_slope", "exercises/slopes"])
def test_an_exercise_that_is_not_there_is_a_usage_error_naming_the_nearest(name, root):
    found = pytest_in_a_process(root, name)

    assert found.returncode == 4
    assert re.fullmatch(
        r"ERROR: no exercise matches '\w+'; did you mean 01_slopes\?\n\n", found.stderr
    )


def test_a_file_of_answers_is_no_file_of_tests(root):
    found = pytest_in_a_process(root, "exercises/01_slopes/slopes.py")

    assert found.returncode == 4
    assert found.stderr == (
        "ERROR: slopes.py holds answers, not tests; judge it with: pytest exercises/01_slopes\n\n"
    )


def test_the_folder_of_one_exercise_is_no_folder_of_answers(root):
    found = pytest_in_a_process(root, "--answers", "solutions/01_slopes")

    assert found.returncode == 4
    assert found.stderr == (
        "ERROR: --answers takes the folder that holds 01_slopes: "
        f"--answers {(root / 'solutions').resolve()}\n\n"
    )


# What is remembered


def test_states_are_remembered_until_the_file_changes(root, slopes):
    slopes.write_text(WRONG_HALF)
    run(root)
    known = progress.known_states(course.Exercise(root, "01_slopes"))
    slopes.write_text(SOLVED)

    assert known == {"double": "done", "halve": "wrong"}
    assert progress.known_states(course.Exercise(root, "01_slopes")) == {}


def test_other_answers_are_not_remembered_as_the_learners(root):
    run(root, "--answers", "solutions")

    assert progress.known_states(course.Exercise(root, "01_slopes")) == {}


def test_answers_after_a_space_are_found_from_inside_an_exercise_too(root, tmp_path):
    elsewhere = tmp_path / "elsewhere" / "hers"
    shutil.copytree(root / "solutions", elsewhere)

    found = pytest_in_a_process(root / "exercises" / "01_slopes", "--answers", str(elsewhere))

    assert "01_slopes  ✓ double  ✓ halve\n" in found.stdout
    assert found.returncode == 0
