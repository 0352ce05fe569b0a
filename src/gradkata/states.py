"""The states of a task, and how a row of tasks is shown in them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

DONE, WRONG, TO_DO = "done", "wrong", "to do"
# Of what was not judged, or not as it is now.
NOT_JUDGED, NOT_KNOWN = "not judged", "not known until pytest runs it"

SIGNS = {DONE: "✓", WRONG: "✗", TO_DO: "·", NOT_JUDGED: "?", NOT_KNOWN: "?"}
COLOURS = {"✓": "green", "✗": "red", "·": "yellow", "?": "dim"}
_ASCII = {"✓": "+", "✗": "x", "·": "-", "…": "..."}


def row(states: Mapping[str, str], *, title: str = "", width: int = sys.maxsize) -> str:
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


def count(states: Sequence[str]) -> str:
    """Return how many tasks are done, of how many."""
    total = len(states)
    return f"{states.count(DONE)} of {total} {'task' if total == 1 else 'tasks'} done"


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
