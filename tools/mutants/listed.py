"""The mutants that may pass, each with the reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Listed:
    """Mutants that may pass for one reason, which a reader can check."""

    reason: str
    mutants: tuple[str, ...]


def read(file: Path) -> list[Listed]:
    """Read the list: those that break no sentence, and those that only a GPU can show.

    Raises:
        ValueError: if a mutant has no reason, or two.
    """
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    entries = [Listed(e["reason"], tuple(e["mutants"])) for part in tables.values() for e in part]
    seen: set[str] = set()
    for entry in entries:
        if not entry.reason.strip():
            raise ValueError(f"no reason for {entry.mutants[0]}")
        for key in entry.mutants:
            if key in seen:
                raise ValueError(f"listed twice: {key}")
            seen.add(key)
    return entries
