"""The exercises and tasks of a course, read from its folders as text.

Nothing here imports torch or runs a learner's code.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import re
import textwrap
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from gradkata.course import about
from gradkata.course.about import About

_FOLDER = re.compile(r"(\d\d)_([a-z]\w*)")
_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_TESTS = "test_"
_DEFINITION = re.compile(
    r"^(?P<margin>[ \t]*)(?:async\s+)?(?:def|class)\s+(?P<name>\w+)", re.MULTILINE
)
_STEP = re.compile(r"^\d+\.\s+", re.MULTILINE)
# The course that a wheel brings; where the package runs from a clone, it is not there.
INSIDE = Path(__file__).resolve().parents[1] / "laid_out"


class UnknownName(LookupError):
    """A name that fits no exercise or task; its text is the whole message."""


@dataclass(frozen=True)
class Exercise:
    """One exercise: the folder `exercises/NN_topic` of the course at `root`."""

    root: Path
    name: str

    @property
    def number(self) -> str:
        """The two digits that order it, such as `03`."""
        return self.name[:2]

    @property
    def topic(self) -> str:
        """The name of its module, such as `custom_function`."""
        return self.name[3:]

    @property
    def folder(self) -> Path:
        """Where the learner works."""
        return self.root / "exercises" / self.name

    @property
    def file(self) -> Path:
        """The learner's file."""
        return self.answer_in(self.root / "exercises")

    @property
    def solution(self) -> Path:
        """Our file, with the bodies written."""
        return self.answer_in(_beside_or_inside(self.root, "solutions"))

    @property
    def tests(self) -> Path:
        """The folder of its tests: a file `test_Task.py` for each task."""
        return self.folder / "tests"

    def tests_of(self, task: str) -> Path:
        """The file of a task's tests."""
        return self.tests / f"{_TESTS}{task}.py"

    def task_of_file(self, file: Path) -> str | None:
        """The task that a file of tests is about; None if it is no such file."""
        is_tests = file.parent == self.tests and file.suffix == ".py"
        return file.stem.removeprefix(_TESTS) if is_tests and file.stem.startswith(_TESTS) else None

    @property
    def lesson(self) -> Path:
        """The page that teaches it."""
        return self.folder / "README.md"

    @property
    def about(self) -> About:
        """What it says of itself; nothing at all if it does not say it well."""
        try:
            return about.read(self.folder / about.FILE)
        except about.Unreadable:
            return About()

    @property
    def gain(self) -> str:
        """What a learner can do after it; empty if it does not say."""
        return self.about.gain

    def answer_in(self, answers: Path) -> Path:
        """Where its module stands in a folder that mirrors `exercises/`."""
        return answers / self.name / f"{self.topic}.py"

    def line_of(self, task: str) -> int:
        """Return where a task begins in the learner's file; the first line if it cannot be told."""
        with contextlib.suppress(OSError, ValueError):
            text = self.file.read_text(encoding="utf-8")
            if not task:
                return 1
            # Also where the file cannot be parsed: then one wants to go there all the more.
            found = re.search(
                rf"^(?:async +def|def|class) +{re.escape(task)}\b", text, re.MULTILINE
            )
            return text.count("\n", 0, found.start()) + 1 if found else 1
        return 1

    def place_of(self, test: str) -> str:
        """Return the file and line of a test, written from the course's folder.

        The test is named `test_Task.py::TestClass::test[case]`.
        """
        name, _, inner = test.partition("::")
        file = self.tests / name
        line = _line_of(inner, file.read_text(encoding="utf-8") if file.is_file() else "")
        place = file.relative_to(self.root).as_posix()
        return f"{place}:{line}" if line else place

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """Its tasks, those that have tests, in the order in which the solution defines them."""
        files = sorted(self.tests.glob(f"{_TESTS}*.py"))
        named = [task for file in files if (task := self.task_of_file(file))]
        defined = [name for name in self._defined() if name in named]
        return tuple(dict.fromkeys([*defined, *named]))

    def _defined(self) -> list[str]:
        """Return the names that the solution defines; a learner's own file may lack some."""
        for file in (self.solution, self.file):
            with contextlib.suppress(OSError, SyntaxError, ValueError):
                return list(definitions(file.read_text(encoding="utf-8")))
        return []

    @cached_property
    def functions(self) -> dict[str, tuple[str, ...]]:
        """The names of each task's test functions and test classes, in their order.

        Raises:
            SyntaxError: if a file of tests cannot be parsed.
        """
        return {task: _test_functions(self.tests_of(task)) for task in self.tasks}

    def hints(self, task: str) -> list[str]:
        """Return the steps under `## task` in hints.md, as Markdown; none gives `[]`."""
        page = self.folder / "hints.md"
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
            title, _, body = section.partition("\n")
            if title.strip() == task:
                return [_flush_left(step) for step in _STEP.split(body)[1:]]
        return []


def _beside_or_inside(root: Path, folder: str) -> Path:
    """Return a folder of a clone, or of the package for a course that was laid out from it."""
    beside = root / folder
    return INSIDE / folder if INSIDE.is_dir() and not beside.is_dir() else beside


def _test_functions(file: Path) -> tuple[str, ...]:
    nodes = ast.parse(file.read_text(encoding="utf-8"), filename=str(file)).body
    named = [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return tuple(name for name in named if name.startswith(("test", "Test")))


def function_of(test: str) -> str:
    """Return the function or class at the top of its file that a test comes from.

    Tests are named as `test_Task.py::TestClass::test[case]`.
    """
    return test.partition("::")[2].partition("[")[0].partition("::")[0]


def _line_of(test: str, source: str) -> int:
    """Find the line of a test's `def`; 0 if it has none.

    To parse the file would take longer than most tests.
    """
    definitions = _DEFINITION.finditer(source)
    end = 0
    for depth, name in enumerate(test.partition("[")[0].split("::")):
        found = (d for d in definitions if d["name"] == name and bool(d["margin"]) == (depth > 0))
        if (definition := next(found, None)) is None:
            return 0
        end = definition.end()
    return source.count("\n", 0, end) + 1


def _flush_left(step: str) -> str:
    first, _, rest = step.strip().partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".strip()


@dataclass(frozen=True)
class Part(Exercise):
    """An exercise of which some tasks alone are judged."""

    chosen: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[str, ...]:
        """The chosen tasks."""
        return self.chosen


@dataclass(frozen=True)
class Definition:
    """Where a function or class stands in a file: lines count from 1, ends included."""

    decorated: int
    first: int
    last: int
    methods: dict[str, int]


@lru_cache(maxsize=16)
def definitions(source: str) -> dict[str, Definition]:
    """Find the functions and classes at the top of a file; of two of one name, the last.

    `first` is the line of its `def` or `class`, `decorated` that of its first decorator where it
    has one. `methods` maps each method of a class to its first line.

    Raises:
        SyntaxError: if the source cannot be parsed.
    """
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, _Named):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n is not node]
            assert node.end_lineno is not None
            top = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            methods = {n.name: n.lineno for n in inner}
            found[node.name] = Definition(top, node.lineno, node.end_lineno, methods)
    return found


def is_root(folder: Path) -> bool:
    """Tell whether a folder is the top of a course."""
    return (folder / "pyproject.toml").is_file() and bool(exercises(folder))


def find_root(start: Path) -> Path | None:
    """Return the course that `start` lies in, or else the one this package runs from."""
    places = [start, *start.parents, Path(__file__).resolve().parents[3]]
    return next((place for place in places if is_root(place)), None)


def exercises(root: Path) -> tuple[Exercise, ...]:
    """Return the exercises of a course, in order."""
    folders = sorted((root / "exercises").glob("[0-9][0-9]_*"))
    return tuple(
        Exercise(root, f.name) for f in folders if f.is_dir() and _FOLDER.fullmatch(f.name)
    )


def find_exercise(root: Path, query: str) -> Exercise:
    """Return the exercise that a learner means by its number, its topic, its name or its path.

    Raises:
        UnknownName: naming the nearest exercise that exists.
    """
    wanted = re.split(r"[/\\]", query.strip().rstrip("/\\"))[-1].removesuffix(".py").lower()
    all_of_them = exercises(root)
    for exercise in all_of_them:
        names = {exercise.name, exercise.topic, exercise.number, str(int(exercise.number))}
        if wanted in names:
            return exercise
    raise UnknownName(
        f"no exercise matches '{query}'" + did_you_mean(wanted, [e.name for e in all_of_them])
    )


def find_task(root: Path, query: str) -> tuple[Exercise, str]:
    """Return the task of that name, in any case, and the exercise that it belongs to.

    Raises:
        UnknownName: naming the nearest task that exists.
    """
    by_name = {task: exercise for exercise in exercises(root) for task in exercise.tasks}
    for task, exercise in by_name.items():
        if query.strip().lower() == task.lower():
            return exercise, task
    raise UnknownName(f"no task is called '{query}'" + did_you_mean(query, list(by_name)))


def did_you_mean(query: str, names: list[str]) -> str:
    """End a message with the nearest of the names, or with where to read them all."""
    lowered = {name.lower(): name for name in names}
    wanted = query.lower()
    near = [name for name in lowered if wanted and wanted in name]
    near += difflib.get_close_matches(wanted, list(lowered), n=1, cutoff=0.4)
    return f"; did you mean {lowered[near[0]]}?" if near else "; kata list shows them all"
