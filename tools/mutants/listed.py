"""The mutants that may pass, each with the reason, and whether those that do are in the list."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from gradkata.course import Exercise

from .mutation import Mutant, Task

FILE = Path(__file__).with_name("listed.toml")


def read(file: Path) -> set[str]:
    """Return the keys of all mutants that are listed, under whatever heading.

    Raises:
        ValueError: if one has no reason, or is listed twice.
    """
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    listed: set[str] = set()
    for entry in (entry for entries in tables.values() for entry in entries):
        if not entry.get("reason", "").strip():
            raise ValueError(f"{file.name}: no reason for {entry['mutants'][0]}")
        for key in entry["mutants"]:
            if key in listed:
                raise ValueError(f"{file.name}: twice {key}")
            listed.add(key)
    return listed


def of_tasks(listed: Iterable[str], tasks: Sequence[Task]) -> set[str]:
    """Return the keys of those that are mutants of these tasks."""
    names = {task.name for task in tasks}
    return {key for key in listed if key.partition(" | ")[0] in names}


def out_of_step(
    exercise: Exercise, mutants: Sequence[Mutant], passed: Sequence[Mutant], listed: set[str]
) -> list[str]:
    """Return where list and judgement differ, each difference with its key as the list has it."""
    file = f"solutions/{exercise.name}/{exercise.topic}.py"
    new = [
        f"passes and is not listed: {mutant.task.name}, {file}:{mutant.line}\n{quoted(mutant.key)},"
        for mutant in passed
        if mutant.key not in listed
    ]
    made, passing = ({mutant.key for mutant in some} for some in (mutants, passed))
    killed = "listed, but it does not pass any more: strike it out"
    gone = "listed, but no mutant any more: strike it out"
    old = [f"{killed if key in made else gone}\n{quoted(key)}," for key in sorted(listed - passing)]
    return new + old


def quoted(key: str) -> str:
    """Return a key as it stands in the list."""
    return json.dumps(key, ensure_ascii=False)
