"""Make one import, or one head of a function, of the learner's and the new version's."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Set
from dataclasses import replace

from gradkata.course import pieces
from gradkata.course.pieces import Piece


def imported(old: Piece | None, new: Piece, mine: Piece, used: Set[str]) -> str:
    """Return the new import with what the learner added to it, or still uses."""
    was = _aliases(old) if old is not None else []
    now, yours = _aliases(new), _aliases(mine)
    names = {alias: (alias.partition(" as ")[2] or alias) for alias in yours}
    more = [a for a in yours if a not in now and (a not in was or names[a] in used)]
    if set(yours) == {*now, *more}:
        return mine.text
    if not more:
        return new.text
    line = f"{mine.name} import {', '.join([*now, *more])}"
    return line if len(line) <= 100 else f"{new.text}\n{mine.name} import {', '.join(more)}"


def _aliases(piece: Piece) -> list[str]:
    node = pieces.parsed(piece.text)
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return [ast.unparse(alias) for alias in node.names]


def with_name(piece: Piece, old: str, new: str) -> str:
    """Return a function or class with another name."""
    parts = pieces.parts(piece.text)
    return replace(parts, head=parts.head.replace(old, new, 1)).text()


def above(was: pieces.Parts | None, now: pieces.Parts, yours: pieces.Parts) -> pieces.Parts:
    """Return what stands above a body: the learner's where only the learner changed it.

    The learner's comments between the head and the docstring stay in any case.
    """
    if was is None:
        return replace(now, doc=_with_comments("", now.doc, yours.doc))
    return replace(
        now,
        decorators=_changed(was.decorators, now.decorators, yours.decorators),
        head=_changed(was.head, now.head, yours.head),
        doc=yours.doc if was.doc == now.doc else _with_comments(was.doc, now.doc, yours.doc),
    )


def _with_comments(was: str, now: str, yours: str) -> str:
    leading = itertools.takewhile(_is_comment_or_blank, yours.split("\n"))
    ours = {*was.split("\n"), *now.split("\n"), ""}
    own = [line for line in leading if line not in ours]
    return "\n".join([*own, now]) if now else now


def _is_comment_or_blank(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _changed(was: str, now: str, yours: str) -> str:
    return yours if was == now else now


def indented(now: pieces.Parts, indent: str) -> pieces.Parts:
    """Return parts whose docstring stands as deep as a learner's body does."""
    if not indent or indent == now.indent:
        return now
    lines = now.doc.split("\n")
    moved = [
        indent + line.removeprefix(now.indent) if line.startswith(now.indent) else line
        for line in lines
    ]
    return replace(now, doc="\n".join(moved))
