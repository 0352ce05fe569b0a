"""What helps a learner on: hints, our definition beside theirs, and the source of a test."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass

from gradkata.course import Exercise, progress, workbook


@dataclass(frozen=True)
class Hint:
    """The steps towards a task that were asked for so far, the newest last, and of how many.

    `is_counted` tells whether it is written down which step is the next.
    """

    task: str
    steps: tuple[str, ...]
    total: int
    is_counted: bool = True

    @property
    def title(self) -> str:
        """Which step it is."""
        return f"{self.task}, hint {len(self.steps)} of {self.total}"

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return len(self.steps) == self.total


def next_hint(exercise: Exercise, task: str) -> Hint | None:
    """Count one more request for a hint, and return what is due; None if the task has none."""
    steps = exercise.hints(task)
    if not steps:
        return None
    number = progress.next_hint(exercise, task, len(steps))
    is_counted = progress.is_counted(exercise, task, number)
    return Hint(task, tuple(steps[:number]), len(steps), is_counted)


def hint_at(exercise: Exercise, task: str, number: int) -> Hint | None:
    """Return the hint of a step, or the last one, and count nothing; None if the task has none."""
    steps = exercise.hints(task)
    return Hint(task, tuple(steps[:number]), len(steps)) if steps else None


@dataclass(frozen=True)
class Comparison:
    """A learner's definition of a task beside ours.

    It is a diff, or else a sentence; below the sentence stands our definition if theirs is the
    one that is not there.
    """

    sentence: str = ""
    ours: str = ""
    difference: tuple[str, ...] = ()


def compare(exercise: Exercise, task: str) -> Comparison:
    """Compare the learner's definition of a task with ours."""
    ours = workbook.our_part(exercise, task)
    if ours is None:
        return Comparison(f"our solution does not define {task}")
    try:
        yours = workbook.your_part(exercise, task)
    except LookupError as reason:
        return Comparison(f"{reason}; ours:", ours)
    if yours == ours:
        return Comparison(f"your {task} is ours, word for word")
    return Comparison(difference=tuple(workbook.difference(exercise, yours, ours)))


def source_of_test(exercise: Exercise, place: str) -> str:
    """Return the source of a test.

    The whole file if the test cannot be located in it; empty if the file cannot be read.

    Args:
        exercise: whose test it is.
        place: its file and line, as in `exercises/03_topic/tests/test_Task.py:40`.
    """
    path, _, line = place.rpartition(":")
    try:
        whole = (exercise.tests / path.replace("\\", "/").rpartition("/")[2]).read_text("utf-8")
    except (OSError, ValueError):
        return ""
    first, last = _extent(whole, int(line)) if line.isdecimal() else (1, len(whole))
    return textwrap.dedent("\n".join(whole.splitlines()[first - 1 : last]))


def _extent(source: str, line: int) -> tuple[int, int]:
    """Return the first and last line of the innermost function around a line, or of the file."""
    found = 1, len(source)
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return found
    for node in nodes:
        # Outer functions come first.
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            last = node.end_lineno or node.lineno
            if first <= line <= last:
                found = first, last
    return found
