"""Names and titles that others gave, made fit to be stored and shown as text."""

from __future__ import annotations

import unicodedata

_LONGEST = 40
# Of characters that are no text: controls, what turns the direction, halves of pairs, the unknown.
_NO_TEXT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# How many marks may stand on one letter.
_MOST_MARKS = 3


def clean(name: str) -> str:
    """Return a name without what is no text, and not longer than a column is wide."""
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", name[: 50 * _LONGEST]):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind.startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(" " if kind in _NO_TEXT else letter)
    words = " ".join("".join(kept).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
