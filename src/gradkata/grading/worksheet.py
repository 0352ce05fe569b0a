"""Fill in the worksheet that a teacher has downloaded: grades into one column, all else as it was.

Moodle finds columns by titles in the site's language, and Canvas makes a new assignment of a title
that it does not know. So nothing is written afresh: a cell's text is replaced, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradkata.grading.discovery import Learner
from gradkata.grading.outputs import number

_ASSIGNMENT = re.compile(r".+\(\d+\)")


class CannotFill(Exception):
    """A worksheet in which it cannot be told what goes where; its text is the whole message."""


@dataclass
class Filled:
    """A worksheet with grades, how many learners are in it, and who was not found."""

    text: str
    count: int
    not_found: list[str]


def fill(
    text: str, learners: Sequence[Learner], points: Mapping[str, float], *, column: str = ""
) -> Filled:
    """Return the worksheet with each learner's points.

    Args:
        text: as it was downloaded.
        learners: with their numbers on the platform.
        points: by the learner's name; of one who has none the cell stays as it is.
        column: its title; without it, the one called Grade, or the one assignment of Canvas'.

    Raises:
        CannotFill: if no column can be told.
    """
    lines = _records(text)
    titles = [_value(cell) for cell in lines[0][::2]] if lines else []
    at = _column(titles, column)
    left = {learner.name: learner for learner in learners}
    count = 0
    for line in lines[1:]:
        values = [_value(cell) for cell in line[::2]]
        name = _whose(values, left, at)
        if name is None or len(values) <= at:
            continue
        del left[name]
        count += 1
        if name in points:
            line[2 * at] = _with_value(line[2 * at], number(points[name]))
    return Filled("".join(piece for line in lines for piece in line), count, sorted(left))


def _column(titles: Sequence[str], wanted: str) -> int:
    if wanted:
        found = [i for i, title in enumerate(titles) if title.strip() == wanted]
    else:
        found = [i for i, title in enumerate(titles) if title.strip() == "Grade"]
        found = found or [i for i, t in enumerate(titles) if _ASSIGNMENT.fullmatch(t.strip())]
    if len(found) == 1:
        return found[0]
    shown = ", ".join(title.strip() for title in titles) or "none"
    what = f"no column {wanted}" if wanted else "which column takes the grades is not plain"
    raise CannotFill(f"{what}: name one of these by --column: {shown}")


def _whose(values: Sequence[str], left: Mapping[str, Learner], column: int) -> str | None:
    """Return whose line it is: by the platform's number, or else by the name alone."""
    cells = [value.strip() for i, value in enumerate(values) if i != column]
    # Moodle's first cell is a word of its language and the number.
    numbers = {cell for cell in cells if cell.isdecimal()}
    numbers |= {cell.rpartition(" ")[2] for cell in cells[:1]}
    by_number = [name for name, learner in left.items() if learner.id and learner.id in numbers]
    if len(by_number) == 1:
        return by_number[0]
    lowered = {cell.casefold() for cell in cells}
    by_name = [name for name, of in left.items() if not of.id and name.casefold() in lowered]
    return by_name[0] if len(by_name) == 1 else None


def _records(text: str) -> list[list[str]]:
    """Return for each line its cells as they are written, each with what separates it after it."""
    separator = re.escape(max(",;\t", key=text.partition("\n")[0].count))
    plain = rf"[^{separator}\r\n]*"
    cell = re.compile(
        rf'(\ufeff?"(?:[^"]|"")*"{plain}|(?!\ufeff?"){plain})({separator}|\r\n|\n|\r|\Z)'
    )
    lines: list[list[str]] = [[]]
    position = 0
    while position < len(text):
        found = cell.match(text, position)
        if found is None:
            raise CannotFill("a quote in it has no end")
        lines[-1] += found.groups()
        position = found.end()
        if found[2] in ("\r\n", "\n", "\r"):
            lines.append([])
    return [line for line in lines if line]


def _value(cell: str) -> str:
    cell = cell.removeprefix("\ufeff")
    return cell[1:-1].replace('""', '"') if cell[:1] == '"' and cell[-1:] == '"' else cell


def _with_value(cell: str, value: str) -> str:
    return f'"{value}"' if cell[:1] == '"' else value
