"""The exercises and tasks of a course, read from its folders as text.

Nothing here imports torch or runs a learner's code.
"""

from __future__ import annotations

import ast
import difflib
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

_FOLDER = re.compile(r"(\d\d)_([a-z]\w*)")
_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_STEP = re.compile(r"^\d+\.\s+", re.MULTILINE)


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
        return self.answer_in(self.root / "solutions")

    @property
    def tests(self) -> Path:
        """The file of its tests."""
        return self.folder / f"test_{self.topic}.py"

    @property
    def lesson(self) -> Path:
        """The page that teaches it."""
        return self.folder / "README.md"

    @property
    def gain(self) -> str:
        """What a learner can do after it, as the course's README says; empty if it does not."""
        page = self.root / "README.md"
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        row = re.search(rf"^\| \[{self.name}\]\([^)]*\) \| ([^|]+) \|", text, re.MULTILINE)
        return row[1].strip() if row else ""

    def answer_in(self, answers: Path) -> Path:
        """Where its module stands in a folder that mirrors `exercises/`."""
        return answers / self.name / f"{self.topic}.py"

    @cached_property
    def task_of_test(self) -> dict[str, str]:
        """The task of each marked test function or class, in the order of the file."""
        marks = {}
        text = self.tests.read_text(encoding="utf-8") if self.tests.is_file() else ""
        for node in ast.parse(text, filename=str(self.tests)).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for task in _marked_tasks(node):
                    marks[node.name] = task
        return marks

    def task_of(self, test: str) -> str | None:
        """The task of a test, named as pytest does without its file: `TestClass::test[case]`."""
        return self.task_of_test.get(marked(test))

    def place_of(self, test: str) -> str:
        """Return the file and line of a test, named as `task_of` takes it, as terminals link them.

        The file is written from the course's folder.
        """
        file = self.tests.relative_to(self.root).as_posix()
        text = self.tests.read_text(encoding="utf-8") if self.tests.is_file() else ""
        line = _line_of(test, text)
        return f"{file}:{line}" if line else file

    @property
    def tasks(self) -> tuple[str, ...]:
        """Its tasks, in the order in which the tests first name them."""
        return tuple(dict.fromkeys(self.task_of_test.values()))

    def hints(self, task: str) -> list[str]:
        """Return the steps under `## task` in hints.md, as Markdown; none gives `[]`."""
        page = self.folder / "hints.md"
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
            title, _, body = section.partition("\n")
            if title.strip() == task:
                return [_flush_left(step) for step in _STEP.split(body)[1:]]
        return []


def marked(test: str) -> str:
    """Return the function or class at the top of its file that a test comes from."""
    return test.partition("[")[0].partition("::")[0]


def _line_of(test: str, source: str) -> int:
    """Find the line of a test's `def`; 0 if it has none.

    To parse the file would take longer than most tests.
    """
    end = 0
    for depth, name in enumerate(test.partition("[")[0].split("::")):
        margin = r"[ \t]+" if depth else ""
        begins = rf"^{margin}(?:async\s+)?(?:def|class)\s+{re.escape(name)}\b"
        found = re.compile(begins, re.MULTILINE).search(source, end)
        if found is None:
            return 0
        end = found.end()
    return source.count("\n", 0, end) + 1


def _flush_left(step: str) -> str:
    first, _, rest = step.strip().partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".strip()


def _marked_tasks(node: ast.FunctionDef | ast.ClassDef) -> Iterable[str]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="task"), args=[ast.Constant(value=str(task))]):
                yield task


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
    places = [start, *start.parents, Path(__file__).resolve().parents[2]]
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
