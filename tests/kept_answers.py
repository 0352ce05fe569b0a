"""The wrong and the right answers on file: each replaces one task of a solution."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from judging import ROOT

from gradkata.course import Exercise, exercises

TESTS = ROOT / "tests"
COURSE = exercises(ROOT)


@dataclass(frozen=True)
class KeptAnswer:
    """One file under `wrong_answers` or `right_answers`.

    Its docstring has a line `task: Name` and, if it is wrong, a line `says: words` for each
    phrase that the verdict must contain. What follows the docstring replaces the task in the
    solution.
    """

    exercise: Exercise
    path: Path

    @property
    def id(self) -> str:
        """Its name in pytest's output."""
        return f"{self.exercise.name}/{self.path.stem}"

    @property
    def task(self) -> str:
        """The task that it answers."""
        (task,) = self._field("task")
        return task

    @property
    def says(self) -> list[str]:
        """The words that its verdict must contain."""
        return self._field("says")

    def _field(self, name: str) -> list[str]:
        doc = ast.get_docstring(ast.parse(self.path.read_text(encoding="utf-8"))) or ""
        pairs = [line.partition(":") for line in doc.splitlines()]
        return [value.strip() for key, _, value in pairs if key == name]

    def write_into(self, answers: Path) -> None:
        """Write the solution with this task in place of ours, as a folder of answers."""
        target = self.exercise.answer_in(answers)
        target.parent.mkdir(parents=True)
        solution = self.exercise.solution.read_text(encoding="utf-8")
        target.write_text(_replace_task(solution, self.task, _body(self.path)), encoding="utf-8")


def kept(folder: str) -> list[KeptAnswer]:
    """Return every answer under `tests/<folder>`, in order."""
    return [
        KeptAnswer(exercise, path)
        for exercise in COURSE
        for path in sorted((TESTS / folder / exercise.name).glob("*.py"))
    ]


def _body(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    docstring = ast.parse(source).body[0]
    return "".join(source.splitlines(keepends=True)[docstring.end_lineno :])


def _replace_task(solution: str, task: str, body: str) -> str:
    (node,) = [n for n in ast.parse(solution).body if getattr(n, "name", None) == task]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    lines = solution.splitlines(keepends=True)
    return "".join([*lines[: first - 1], body.strip("\n") + "\n", *lines[node.end_lineno :]])
