"""Mermaid in words and characters, for whoever does not see it drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_BOX = "|".join(
    (r'\(\["?(?P<round>[^"\]]*)"?\]\)', r'\["(?P<quoted>[^"]*)"\]', r"\[(?P<plain>[^\]]*)\]")
)
_NODE = re.compile(rf"\s*(?P<name>\w+)(?:{_BOX})?\s*")
_ARROW = re.compile(
    r'(?P<line>-->|-\.->)(?:\|"?(?P<after>[^|"]*)"?\|)?'
    r'|(?P<opened>-\.|--)\s*"?(?P<inside>[^">]+?)"?\s*(?:\.->|-->)'
)
_SAID = re.compile(r"\s*(?P<from>\w+)->>(?P<to>\w+): (?P<what>.+)")
_IN_FULL = re.compile(r"\s*(?:actor|participant) (?P<name>\w+) as (?P<words>.+)")
_KINDS = ("flowchart ", "sequenceDiagram")


@dataclass(frozen=True)
class Arrow:
    """From one thing to another, and what is written along it."""

    start: str
    end: str
    label: str
    is_dotted: bool


def arrows(mermaid: str) -> list[Arrow]:
    """Return the arrows of a flowchart or a sequence diagram, in the order of the source.

    Raises:
        ValueError: on a line that is not understood.
    """
    kind, *lines = mermaid.strip().splitlines()
    if not kind.startswith(_KINDS):
        raise ValueError(f"neither {' nor '.join(_KINDS)}: {kind}")
    if kind.startswith("sequenceDiagram"):
        return _messages(lines)
    # A box may be named before it is written out.
    words: dict[str, str] = {}
    found = [arrow for line in lines for arrow in _chain(line, words)]
    told = _told_apart(words)
    return [Arrow(told[a.start], told[a.end], a.label, a.is_dotted) for a in found]


def drawn(mermaid: str, width: int) -> str:
    """Return a flowchart as lines of characters: arrows that lead on from one another in a row.

    Raises:
        ValueError: if the source is not understood.
    """
    rows: list[list[str]] = []
    before: Arrow | None = None
    for arrow in arrows(mermaid):
        leads_on = before and (before.end, before.is_dotted) == (arrow.start, arrow.is_dotted)
        if not leads_on:
            rows.append([arrow.start])
        rows[-1].append(f"{_line(arrow)} {arrow.end}")
        before = arrow
    return "\n".join(_folded(row, width) for row in rows)


def in_words(mermaid: str) -> str:
    """Return what a diagram shows as a sentence.

    Raises:
        ValueError: if the source is not understood.
    """
    parts = [f"{a.start} to {a.end}" + f" ({a.label})" * bool(a.label) for a in arrows(mermaid)]
    return f"Diagram, with an arrow from {'; from '.join(parts)}."


def _chain(line: str, words: dict[str, str]) -> Iterator[Arrow]:
    """Yield the arrows of one line, between names, and note what is written in each box."""
    here, position = _box(line, 0, words)
    while position < len(line):
        arrow = _ARROW.match(line, position)
        if arrow is None:
            raise ValueError(f"no arrow: {line[position:]}")
        there, position = _box(line, arrow.end(), words)
        is_dotted = (arrow["line"] or arrow["opened"]).startswith("-.")
        yield Arrow(here, there, (arrow["after"] or arrow["inside"] or "").strip(), is_dotted)
        here = there


def _box(line: str, position: int, words: dict[str, str]) -> tuple[str, int]:
    found = _NODE.match(line, position)
    if found is None:
        raise ValueError(f"no box: {line[position:]}")
    inside = found["round"] or found["quoted"] or found["plain"]
    words[found["name"]] = inside or words.get(found["name"], found["name"])
    return found["name"], found.end()


def _told_apart(words: dict[str, str]) -> dict[str, str]:
    """Return what each box is called: its words, and a number behind them if they stand twice."""
    seen: Counter[str] = Counter()
    told = {}
    for name, inside in words.items():
        seen[inside] += 1
        told[name] = inside if seen[inside] == 1 else f"{inside} #{seen[inside]}"
    return told


def _messages(lines: list[str]) -> list[Arrow]:
    names = {m["name"]: m["words"] for line in lines if (m := _IN_FULL.fullmatch(line))}
    said = filter(None, map(_SAID.fullmatch, lines))
    return [
        Arrow(names.get(m["from"], m["from"]), names.get(m["to"], m["to"]), m["what"], False)
        for m in said
    ]


def _line(arrow: Arrow) -> str:
    dash = "┄" if arrow.is_dotted else "─"
    return f"{dash * 2} {arrow.label} {dash}▶" if arrow.label else f"{dash * 2}▶"


def _folded(row: list[str], width: int) -> str:
    lines = [row[0]]
    for part in row[1:]:
        if len(lines[-1]) + 1 + len(part) > width:
            lines.append(f"   {part}")
        else:
            lines[-1] += f" {part}"
    return "\n".join(lines)
