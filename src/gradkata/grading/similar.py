"""Learners whose answers to a task are the same up to names and comments; a person judges that."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradkata.course import Exercise, definitions, stubs


@dataclass(frozen=True)
class Alike:
    """Learners whose answers to a task have one body, which is neither ours nor the stub."""

    exercise: str
    task: str
    learners: tuple[str, ...]


def find_alike(exercise: Exercise, answers: Iterable[tuple[str, bytes]]) -> list[Alike]:
    """Return for each task those who share a body, the largest groups first.

    Args:
        exercise: whose tasks they are.
        answers: each learner with the text of their file.
    """
    solution = exercise.solution.read_text(encoding="utf-8") if exercise.solution.is_file() else ""
    known = {
        (t, b) for text in (solution, _stub(solution)) for t, b in _bodies(text, exercise.tasks)
    }
    groups: dict[tuple[str, str], list[str]] = {}
    for learner, text in answers:
        for task, body in _bodies(text.decode("utf-8", "replace"), exercise.tasks):
            if (task, body) not in known:
                groups.setdefault((task, body), []).append(learner)
    found = [
        Alike(exercise.name, task, tuple(learners))
        for (task, _), learners in groups.items()
        if len(learners) > 1
    ]
    return sorted(found, key=lambda a: (-len(a.learners), exercise.tasks.index(a.task)))


def _stub(solution: str) -> str:
    try:
        return stubs.derive(solution)
    except (SyntaxError, ValueError):
        return ""


def _bodies(text: str, tasks: Sequence[str]) -> list[tuple[str, str]]:
    """Return the body of each task that a file defines, without its names."""
    try:
        defined = definitions(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")  # as Python counts them
    places = [(task, defined[task]) for task in tasks if task in defined]
    return [
        (task, _without_names("\n".join(lines[place.decorated - 1 : place.last])))
        for task, place in places
    ]


# Of a cohort most answers to a task are the same.
@functools.lru_cache(maxsize=4096)
def _without_names(definition: str) -> str:
    """Return a definition as text: its own names numbered, without docstrings and annotations."""
    (node,) = ast.parse(definition).body
    own = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    own |= {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    numbers: dict[str, str] = {}
    for inner in ast.walk(node):
        if (
            isinstance(inner, ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(inner) is not None
        ):
            inner.body = inner.body[1:] or [ast.Pass()]
        if isinstance(inner, ast.FunctionDef):
            inner.returns = None
        if isinstance(inner, ast.arg):
            inner.annotation = None
            inner.arg = numbers.setdefault(inner.arg, f"_{len(numbers)}")
        elif isinstance(inner, ast.Name) and inner.id in own:
            inner.id = numbers.setdefault(inner.id, f"_{len(numbers)}")
    return ast.dump(node)
