"""A course of two small exercises, for tests that need one to read or to change."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pexpect

import gradkata
from gradkata import course
from gradkata.course import stubs

ROOT = Path(__file__).resolve().parents[1]
# Where the package would find the course that it lies in.
CATALOGUE = "src/gradkata/course/catalogue.py"

# No learner has it, and at the end of each run of pytest it is imported whole, to say nothing.
NO_HYPOTHESIS = ("-p", "no:hypothesispytest")

SLOPES = '''"""Slopes."""

import math


def double(x: float) -> float:
    """Return twice x."""
    return 2 * x


def halve(x: float) -> float:
    """Return half of x."""
    return x / 2
'''

SHAPES = '''"""Shapes."""

import functools
import typing


def _area(width: float, height: float) -> float:
    return width * height


@typing.final
class Square:
    """A square of a side."""

    def __init__(self, side: float) -> None:
        self.side = side

    def area(self) -> float:
        """Return the area."""
        return _area(self.side, self.side)


@functools.cache
def perimeter(side: float) -> float:
    """Return the length around a square."""
    return 4 * side
'''

TEST_DOUBLE = """import pytest
import slopes

pytestmark = pytest.mark.task("double")


def test_two_becomes_four():
    assert slopes.double(2) == 4
"""

TEST_HALVE = """import pytest
import slopes

pytestmark = pytest.mark.task("halve")


def test_two_becomes_one():
    assert slopes.halve(2) == 1
"""

TEST_SQUARE = """import pytest
import shapes

pytestmark = pytest.mark.task("Square")


class TestSquare:
    def test_area_of_two(self):
        assert shapes.Square(2).area() == 4
"""

TEST_PERIMETER = """import pytest
import shapes

pytestmark = pytest.mark.task("perimeter")


def test_around_two():
    assert shapes.perimeter(2) == 8
"""

ABOUT_SLOPES = """gain = "double and halve"
minutes = 5
builds_on = []
"""

ABOUT_SHAPES = """gain = "measure a square"
minutes = 6
builds_on = ["01"]
"""

HINTS_SLOPES = """# Hints

## double

1. Twice is `x` and `x` once more.
2. Multiply:

   ```python
   2 * x
   ```

## halve

1. Divide.
"""


def build(root: Path) -> Path:
    """Write the course, its stubs untouched and its settings ours, and return its root.

    Of the plugins that these tests have, none but a learner's is used.
    """
    root.mkdir(parents=True, exist_ok=True)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (root / "pyproject.toml").write_text(_without_hypothesis(settings), encoding="utf-8")
    tests = {"double": TEST_DOUBLE, "halve": TEST_HALVE}
    _add(root, "01_slopes", solution=SLOPES, tests=tests, about=ABOUT_SLOPES, hints=HINTS_SLOPES)
    tests = {"Square": TEST_SQUARE, "perimeter": TEST_PERIMETER}
    _add(root, "02_shapes", solution=SHAPES, tests=tests, about=ABOUT_SHAPES)
    return root


TEST_OF_ONE = """import endings
import pytest

pytestmark = pytest.mark.task({0!r})


def test_{0}():
    assert endings.{0}(2) == 1
"""


def add_endings(
    root: Path, bodies: dict[str, str], *, first: str = "", last: str = "", test: str = TEST_OF_ONE
) -> course.Exercise:
    """Write an exercise with a task of each body, each before and after a task that is right.

    So one run judges them all, and what one does to another is seen.
    """
    exercise = course.Exercise(root, "07_endings")
    exercise.tests.mkdir(parents=True)
    tasks = {f"right_{number}": "return x / 2" for number in range(len(bodies) + 1)}
    names = [name for pair in zip(tasks, bodies, strict=False) for name in pair]
    names += [f"right_{len(bodies)}"]
    tasks |= bodies
    for name in names:
        exercise.tests_of(name).write_text(test.format(name))
    functions = "\n".join(f"def {name}(x):\n    {tasks[name]}" for name in names)
    exercise.file.write_text(f"{first}\n{functions}\n{last}")
    return exercise


def line_of(exercise: course.Exercise, body: str) -> int:
    """Return the line of the exercise in which a body of one line stands."""
    return exercise.file.read_text().splitlines().index(f"    {body}") + 1


def _without_hypothesis(settings: str) -> str:
    usual = '    "no:anyio",\n'
    assert usual in settings
    return settings.replace(usual, usual + "".join(f'    "{o}",\n' for o in NO_HYPOTHESIS))


def _add(
    root: Path,
    name: str,
    *,
    solution: str,
    tests: dict[str, str],
    about: str,
    hints: str | None = None,
) -> None:
    exercise = course.Exercise(root, name)
    exercise.tests.mkdir(parents=True)
    exercise.solution.parent.mkdir(parents=True)
    (exercise.folder / "exercise.toml").write_text(about)
    exercise.solution.write_text(solution)
    exercise.file.write_text(stubs.derive(solution))
    for task, source in tests.items():
        exercise.tests_of(task).write_text(source)
    if hints is not None:
        (exercise.folder / "hints.md").write_text(hints)


class Screen(NamedTuple):
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


# Runs the command in a child process, as its script does.
KATA = "import sys; sys.argv[0] = 'kata'; from gradkata.cli import main; main()"
# The same, without the seconds in which the warm process imports what no toy needs.
RUN = f"from gradkata.judging import forking; forking.REST = (); {KATA}"


def child_environment() -> dict[str, str]:
    """Return an environment in which a child process finds the same gradkata as this one."""
    source = Path(gradkata.__file__).resolve().parents[1]
    return os.environ | {"PYTHONPATH": str(source)}


def lean_environment() -> dict[str, str]:
    """Return the same, without the seconds that a judging server takes to get all ready."""
    paths = [str(Path(__file__).with_name("lean")), child_environment()["PYTHONPATH"]]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def records(to: Path) -> list[dict[str, Any]]:
    """Return all lines of the results of a graded cohort, but for the times."""
    lines = (to / "results.jsonl").read_text(encoding="utf-8").splitlines()
    found: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for line in found[1:]:
        for row in line["rows"]:
            row["seconds"] = 0
    return found


def end(child: pexpect.spawn) -> None:
    """End a program in a terminal; on a busy machine one that is killed takes a moment to go."""
    with contextlib.suppress(pexpect.ExceptionPexpect):
        child.close(force=True)
    child.ptyproc.wait()
