"""How what was found is shown: tasks with their signs, faults, and paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gradkata.results import Outcome, Record, State, TaskRecord, Verdict

if TYPE_CHECKING:
    from rich.text import Text

SIGNS = {
    State.DONE: "✓",
    State.WRONG: "✗",
    State.TO_DO: "·",
    State.PART: "?",
    State.NOT_JUDGED: "?",
    State.NOT_KNOWN: "?",
}
COLOURS = {"✓": "green", "✗": "red", "·": "yellow", "?": "dim"}
_ASCII = {"✓": "+", "✗": "x", "·": "-", "…": "..."}
_PRINTED = 5  # lines of what a learner's code printed


def row(states: Mapping[str, State], *, title: str = "", width: int = sys.maxsize) -> str:
    """Return the tasks after a title, each with its sign, in lines of at most `width`."""
    return fold([f"{SIGNS[state]} {task}" for task, state in states.items()], title, width)


def fold(labels: Sequence[str], title: str, width: int) -> str:
    """Return labels after a title, in lines of at most `width` that end between two labels."""
    margin = f"{title}  " if title else ""
    lines = [margin]
    for label in labels:
        if len(lines[-1]) + len(label) > width and len(lines[-1]) > len(margin):
            lines.append(" " * len(margin))
        lines[-1] += f"{label}  "
    return "\n".join(line.rstrip() for line in lines)


def count(states: Sequence[State]) -> str:
    """Return how many tasks are done, of how many."""
    total = len(states)
    return f"{states.count(State.DONE)} of {total} {'task' if total == 1 else 'tasks'} done"


def as_encoded(text: str, encoding: str | None) -> str:
    """Return the text with plain characters in place of signs that the encoding lacks."""
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        for sign, plain in _ASCII.items():
            text = text.replace(sign, plain)
    return text


def coloured(text: str) -> Text:
    """Return the text with its signs in colour."""
    from rich.text import Text

    drawn = Text(text)
    for sign, colour in COLOURS.items():
        drawn.highlight_words([sign], colour)
    return drawn


def display_path(path: str | Path | None) -> str:
    """Return a path as it is typed from here."""
    try:
        return os.path.relpath(path or ".")
    except ValueError:  # on another drive
        return str(path)


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as plain text: a line for what is to do, a block for a fault."""
    sign = SIGNS[verdict.state]
    if verdict.state == State.TO_DO:
        return f"{sign} {verdict.task}   {verdict.place}   to do"
    subject = verdict.exercise if verdict.whole_file else verdict.task
    return "\n    ".join([f"{sign} {subject}   {verdict.place}", *verdict.lines])


def faults(record: Record, tasks: Sequence[TaskRecord]) -> Iterator[str]:
    """Yield a block of lines for how the judgement ended, if not well, and each wrong task."""
    if record.outcome != Outcome.OK:
        yield f"{SIGNS[State.WRONG]} {record.exercise}   {record.outcome}: {record.detail}"
    if record.outcome == Outcome.ERROR:
        return
    for task in tasks:
        if task.state == State.WRONG:
            lines = [*task.lines, *last_printed(task.printed)]
            yield "\n    ".join([f"{SIGNS[State.WRONG]} {task.task}   {task.place}", *lines])


def last_printed(lines: Sequence[str]) -> list[str]:
    """Return the end of what was printed, under a title, as it stands below a fault."""
    return ["printed:", *(f"  {line}" for line in lines[-_PRINTED:])] if lines else []
