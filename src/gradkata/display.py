"""How what was found is shown: tasks with their signs, faults, paths, and a learner's own text.

What a learner's code prints, raises or is called must not drive a terminal. It is made visible
where records are made of it (`made_visible`), and again where it is drawn (`as_text`).
"""

from __future__ import annotations

import copy
import dataclasses
import io
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

from gradkata.results import Outcome, Record, State, TaskRecord, Verdict

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
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
_ASCII = {"✓": "+", "✗": "x", "·": "-"}
# Lines, and the arrow head at the end of one.
_BOXES = re.compile("[\u2500-\u257f\u25b6]")
_PLAIN = {"─": "-", "━": "-", "═": "=", "│": "|", "┃": "|", "║": "|", "┄": ".", "▶": ">"}
_PRINTED = 5  # lines of what a learner's code printed
_LONGEST, _LONGEST_PRINTED = 700, 160  # characters of a line of a fault, and of what was printed

# All control characters but the end of a line and the tab; what turns the direction of text or
# begins a line, and is not seen; halves of characters.
_NOT_SEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]"
)
# What stands before the first word of a line of code, of a diff or of a fault.
_INDENT = re.compile(r"[-+]?[ \t]+(?=\S)|[-+](?=\S)")
_PAINTING = re.compile(r"(\x1b\[[\d;]*m|\r)")
_Plain = TypeVar("_Plain")


def visible(text: str) -> str:
    r"""Return the text with what would drive a terminal written out, as in `\x1b[2J`.

    Ends of lines and tabs stay. What is visible already comes back as it is.
    """
    return _NOT_SEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def visible_output(text: str) -> str:
    """Return what was printed as visible text; a return of the carriage ends a line, too."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n"))


def visible_but_colours(text: str) -> str:
    """Return what a program writes to a terminal as visible text that is still in colour."""
    pieces = _PAINTING.split(text)
    return "".join(piece if n % 2 else visible(piece) for n, piece in enumerate(pieces))


def made_visible(value: _Plain) -> _Plain:
    """Return a copy of plain data, dataclasses included, in which every text is visible."""
    return cast("_Plain", _made_visible(value))


def _made_visible(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return visible(value)
    if isinstance(value, list | tuple):
        return type(value)(map(_made_visible, value))
    if isinstance(value, dict):
        return {key: _made_visible(inner) for key, inner in value.items()}
    if dataclasses.is_dataclass(value):
        value = copy.copy(value)
        for name, inner in vars(value).items():
            object.__setattr__(value, name, _made_visible(inner))
    return value


class VisibleStream(io.TextIOBase):
    """Writes visible text to another stream, in place of one that a learner's code prints to."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write the text, made visible."""
        self.stream.write(visible_output(text))
        return len(text)


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
    """Return the text with plain characters in place of signs that the encoding lacks.

    If it lacks one of the signs of tasks, none of them stays: a screen has one set.
    """
    if not _has("".join(_ASCII), encoding):
        for sign, plain in _ASCII.items():
            text = text.replace(sign, plain)
    if not _has("…", encoding):
        text = text.replace("…", "...")
    return text if _has(text, encoding) else _BOXES.sub(_plain_line, text)


def _has(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _plain_line(found: re.Match[str]) -> str:
    """Return the ASCII character for a box-drawing one."""
    return _PLAIN.get(found[0], "+")


def coloured(text: str) -> Text:
    """Return the text with its signs in colour."""
    drawn = as_text(text)
    for sign, colour in COLOURS.items():
        drawn.highlight_words([sign], colour)
    return drawn


def as_text(text: str, style: str = "") -> Text:
    """Return visible text for a terminal, in a style; no markup in it is obeyed."""
    from rich.text import Text

    return Text(visible(text), style)


def folded(part: RenderableType, console: Console) -> RenderableType:
    """Fold the long lines of a text, so that they go on a little further in than they begin."""
    from rich.text import Text

    if not isinstance(part, Text):
        return part
    lines = part.split("\n", allow_blank=True)
    folds = [fold for line in lines for fold in _folds(line, console)]
    return part.blank_copy("\n").join(folds)


def _folds(line: Text, console: Console) -> list[Text]:
    line.expand_tabs(8)
    begins = _INDENT.match(line.plain)
    if begins is None or line.cell_len <= console.width:
        return [line]
    indent = min(begins.end() + 2, console.width // 2)
    first = line.wrap(console, console.width, overflow="fold")[0]
    rest = line[len(first) :]
    rest = rest[len(rest) - len(rest.plain.lstrip(" ")) :]
    others = rest.wrap(console, console.width - indent, overflow="fold")
    for other in others:
        other.pad_left(indent)
    return [first, *others]


def line_of_diff(line: str) -> Text:
    """Return a line of a diff in the colour of its side."""
    return as_text(line, style={"-": "red", "+": "green"}.get(line[:1], ""))


def display_path(path: str | Path | None) -> str:
    """Return a path as it is typed from here."""
    try:
        return os.path.relpath(path or ".")
    except ValueError:  # on another drive
        return str(path)


def reason_of(error: OSError) -> str:
    """Return a sentence on a file that cannot be read or written."""
    if error.filename is None:
        return str(error)
    return f"cannot use {display_path(error.filename)}: {error.strerror}"


def verdict_text(verdict: Verdict) -> str:
    """Return a verdict as plain text: a line for what is to do, a block for a fault."""
    subject = verdict.exercise if verdict.whole_file else verdict.task
    title = f"{SIGNS[verdict.state]} {subject}   {verdict.place}"
    if verdict.state == State.TO_DO:
        return visible(f"{title}   to do")
    return _block([title, *verdict.lines])


def faults(record: Record, tasks: Sequence[TaskRecord]) -> Iterator[str]:
    """Yield a block of lines for how the judgement ended, if not well, and each wrong task.

    Where a task says the same of itself, that is enough.
    """
    sign = SIGNS[State.WRONG]
    is_said = record.outcome != Outcome.ERROR and any(record.detail in t.lines for t in tasks)
    if record.outcome != Outcome.OK and not is_said:
        yield _block([f"{sign} {record.exercise}   {record.outcome}: {record.detail}"])
    if record.outcome == Outcome.ERROR:
        return
    for task in tasks:
        if task.state == State.WRONG:
            lines = [*task.lines, *found_by(task.found_by, task.found_at)]
            lines += last_printed(task.printed)
            yield _block([f"{sign} {task.task}   {task.place}", *lines])


def found_by(test: str, place: str) -> list[str]:
    """Return which test found a fault, with a line to click on, as it stands below the fault."""
    # The place names the file already.
    return [f"found by {test.partition('::')[2] or test}", f"  {place}"] if place else []


def last_printed(lines: Sequence[str]) -> list[str]:
    """Return the end of what was printed, under a title, as it stands below a fault."""
    shown = [_shortened(line, _LONGEST_PRINTED) for line in lines[-_PRINTED:]]
    return ["printed:", *(f"  {line}" for line in shown)] if shown else []


def _block(lines: Sequence[str]) -> str:
    """Return lines as a block, of which only the first begins at the margin."""
    shown = visible("\n".join(lines)).split("\n")
    return "\n    ".join(_shortened(line, _LONGEST) for line in shown)


def _shortened(line: str, most: int) -> str:
    """Cut a text that would fill the screen, and say how much is left out."""
    line = visible(line).expandtabs()
    left = len(line) - most
    return line if left <= 0 else f"{line[:most]} … {left:,} more characters"
