"""Read the answers that are kept beside the course: right ones and wrong ones."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

_FIELDS = ("task", "way", "says")


@dataclass(frozen=True)
class Kept:
    """One answer on file.

    Args:
        task: that it answers; empty if its docstring names none.
        way: a sentence on how a right one goes about it.
        says: phrases that the verdict on a wrong one must hold.
        text: the answer itself, which follows the docstring.
    """

    task: str
    way: str
    says: tuple[str, ...]
    text: str


def read_kept(file: Path) -> Kept:
    """Return what a file keeps.

    Its docstring has a line `task: Name`, a line `way: a sentence` or lines `says: words`; a
    sentence may go on in the next line.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not UTF-8.
        SyntaxError: it is no Python.
    """
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    fields: list[tuple[str, str]] = []
    for line in (ast.get_docstring(tree) or "").splitlines():
        key, colon, value = line.partition(":")
        if colon and key in _FIELDS:
            fields.append((key, value.strip()))
        elif fields:
            last, words = fields[-1]
            fields[-1] = last, f"{words} {line.strip()}".strip()
    found = dict(reversed(fields))
    after = tree.body[0].end_lineno if tree.body else 0
    return Kept(
        task=found.get("task", ""),
        way=found.get("way", ""),
        says=tuple(value for key, value in fields if key == "says"),
        text="".join(source.splitlines(keepends=True)[after:]),
    )
