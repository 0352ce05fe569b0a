"""Other ways: the right answers that are kept beside the course, each with a sentence on it."""

from __future__ import annotations

import ast
import contextlib
from dataclasses import dataclass
from pathlib import Path

from gradkata.course import Exercise


@dataclass(frozen=True)
class Way:
    """A right answer of a task, how it goes about it, and where it stands."""

    sentence: str
    source: str
    file: Path


def ways(exercise: Exercise, task: str) -> tuple[Way, ...]:
    """Return the kept right answers of a task, the shortest first.

    They stand where our solutions do; where none are kept, there are none.
    """
    folder = exercise.solution.parents[2] / "tests" / "right_answers" / exercise.name
    found = []
    for file in sorted(folder.glob("*.py")):
        with contextlib.suppress(OSError, SyntaxError, ValueError):
            found.append(_read(file))
    of_task = [way for answered, way in found if answered == task and way.sentence]
    return tuple(sorted(of_task, key=lambda way: len(way.source)))


def _read(file: Path) -> tuple[str, Way]:
    """Return which task a file answers, and the answer that follows its docstring."""
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    fields: dict[str, str] = {}
    name = ""
    for line in (ast.get_docstring(tree) or "").splitlines():
        key, colon, value = line.partition(": ")
        if colon and key in {"task", "way"}:
            name = key
            fields[name] = value.strip()
        elif name:
            # A sentence may go on in the next line.
            fields[name] = f"{fields[name]} {line.strip()}".strip()
    after = tree.body[0].end_lineno if tree.body else 0
    source = "\n".join(text.splitlines()[after:]).strip("\n")
    return fields.get("task", ""), Way(fields.get("way", ""), source, file)
