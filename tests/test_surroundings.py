"""Whatever stands around a course and its tests, they are judged as the course means them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import toy_course

import gradkata
from gradkata import course
from gradkata.cli import doctor

SOLVED = toy_course.SLOPES


@pytest.fixture
def root(tmp_path):
    """The toy course, solved, in a folder of a workspace."""
    root = toy_course.build(tmp_path / "clone.2")
    for exercise in course.exercises(root):
        shutil.copy(exercise.solution, exercise.file)
    return root


def run(folder, *arguments, **variables):
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env=toy_course.child_environment() | variables,
        capture_output=True,
        encoding="utf-8",
    )


def run_pytest(folder, *arguments, **variables):
    return run(folder, "-m", "pytest", *arguments, **variables)


# As editors have it: the root directory is the folder that is open, above the course.


@pytest.mark.parametrize(
    ("below", "arguments"),
    [
        ("", ["clone.2/exercises/01_slopes"]),
        ("", ["{root}/exercises/01_slopes/tests/test_halve.py::test_two_becomes_one"]),
        ("", ["clone.2", "-n", "1"]),
        ("", ["."]),
        ("clone.2/exercises/01_slopes", ["tests/test_halve.py", "-n", "1"]),
    ],
    ids=["exercise", "test", "course", "workspace", "below"],
)
def test_a_root_directory_above_the_course_changes_nothing(below, arguments, root):
    arguments = [argument.format(root=root) for argument in arguments]

    screen = run_pytest(root.parent / below, *arguments, f"--rootdir={root.parent}")

    assert screen.returncode == 0, screen.stdout
    assert "✓ halve\n" in screen.stdout


# One environment, two clones


@pytest.fixture
def other(root):
    """The course with a gradkata of its own, another version than the one that runs."""
    package = root / "src" / "gradkata"
    shutil.copytree(Path(gradkata.__file__).parent, package)
    (package / "checks" / "compare.py").write_text("# of another version\n")
    return root


def told(root):
    source = Path(gradkata.__file__).parents[1]
    return (
        f"the gradkata that runs here, in {source}, is another version than the course in {root}: "
        f"python -m pip install -e {root}"
    )


def test_a_course_of_another_version_is_not_judged_by_pytest(other):
    screen = run_pytest(other, "exercises")

    assert (screen.returncode, screen.stderr) == (4, f"ERROR: {told(other)}\n\n")


def test_a_course_of_another_version_is_not_judged_by_kata(other):
    screen = run(other, "-c", toy_course.RUN, "check", "01", "--json")

    (record,) = json.loads(screen.stdout)
    assert (record["outcome"], record["detail"]) == ("error", told(other))
    assert {task["state"] for task in record["tasks"]} == {"not judged"}


def test_a_course_of_another_version_is_named_by_the_doctor(other):
    (finding,) = doctor._own_package(other)

    assert f"{finding.fact}: {finding.to_do}" == told(other)


def test_a_copy_of_the_same_version_is_no_other(other):
    shutil.copy(
        Path(gradkata.__file__).parent / "checks" / "compare.py", other / "src/gradkata/checks"
    )

    assert list(doctor._own_package(other)) == []


# What is installed beside pytest

# What pytest-randomly does: it shuffles, and seeds what draws random numbers before each test.
SHUFFLES = """
import random
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    items.reverse()

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call():
    import numpy, torch
    for seed in (random.seed, numpy.random.seed, torch.manual_seed):
        seed(SEED)
"""
TEST_HALVE = """import random
import numpy, pytest, slopes, torch
from gradkata.checks import sample

pytestmark = pytest.mark.task("halve")


def test_the_plain_case():
    assert slopes.halve(2) == 1


@pytest.mark.parametrize("x", [4, 6], ids=["four", "six"])
def test_the_subtle_case(x):
    drawn = sample(2).tolist(), torch.rand(1).item(), numpy.random.rand(), random.random()
    assert (slopes.halve(x), drawn) == (x / 2, ())
"""


def test_a_plugin_that_shuffles_changes_neither_order_nor_numbers(root, tmp_path):
    exercise = course.exercises(root)[0]
    exercise.tests_of("halve").write_text(TEST_HALVE)
    for seed in (1, 2):
        (tmp_path / f"shuffles{seed}.py").write_text(SHUFFLES.replace("SEED", str(seed)))
    path = toy_course.child_environment()["PYTHONPATH"]

    usual, *alone, in_two = [
        run_pytest(root, "exercises", "-v", *options, PYTHONPATH=f"{path}:{tmp_path}")
        for options in (
            (),
            ("-p", "shuffles1"),
            ("-p", "shuffles2"),
            ("-p", "shuffles1", "-n", "2"),
        )
    ]

    order = [line.split(" ")[0] for line in usual.stdout.splitlines() if "::" in line]
    fault = usual.stdout.partition("✗ halve")[2].partition(" in ")[0]
    assert "four" in fault
    for shuffled in (*alone, in_two):
        assert shuffled.stdout.partition("✗ halve")[2].partition(" in ")[0] == fault
    for shuffled in alone:
        lines = shuffled.stdout.splitlines()
        assert [line.split(" ")[0] for line in lines if "::" in line] == order


def test_what_failed_first_still_comes_first_where_that_is_asked_for(root):
    exercise = course.exercises(root)[0]
    exercise.file.write_text(SOLVED.replace("return x / 2", "return x / 4"))
    run_pytest(root, "exercises/01_slopes")

    screen = run_pytest(root, "exercises/01_slopes", "-v", "--ff")

    judged = [
        line for line in screen.stdout.splitlines() if line.startswith("exercises") and "::" in line
    ]
    assert "test_halve" in judged[0]
