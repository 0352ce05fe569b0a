"""Change each solution in one place after another, and see whether the tests notice.

It prints the mutants of each exercise, and those that pass. A mutant that breaks no sentence
stands in `listed.toml` with the reason. It fails on one that is not listed, and on one that is
and does not pass any more.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from gradkata.course import Exercise, UnknownName, exercises, find_exercise
from gradkata.judging.runner import cores, get_the_rest_ready

from .listed import FILE, of_tasks, out_of_step, read
from .mutation import mutants_of, tasks_of
from .verdicts import NotSound, survivors

ROOT = Path(__file__).resolve().parents[2]
HEADS = ("exercise", "mutants", "killed", "survived", "listed", "killed of the others", "seconds")


def main() -> int:
    """Judge the mutants of the exercises asked for; 1 if the list is not in step with them."""
    parser = argparse.ArgumentParser(description=__doc__, prog="nox -s mutants --")
    parser.add_argument("--workers", type=int, default=min(2, cores()), help="at a time")
    parser.add_argument("--task", action="append", help="this task only; may be repeated")
    parser.add_argument("exercises", nargs="*", help="numbers; without them, all")
    asked = parser.parse_args()
    try:
        chosen = [find_exercise(ROOT, name) for name in asked.exercises] or exercises(ROOT)
        get_the_rest_ready()
        return report(chosen, read(FILE), asked.task, asked.workers)
    except (UnknownName, NotSound, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2


def report(
    chosen: Sequence[Exercise], listed: set[str], only: list[str] | None, workers: int
) -> int:
    """Print a table as it grows, then what is not in step with the list."""
    say(f"| {' | '.join(HEADS)} |")
    say("| --- " * len(HEADS) + "|")
    total, amiss = [0, 0, 0, 0.0], []
    for exercise in chosen:
        began = time.monotonic()
        tasks = tasks_of(exercise.solution.read_text(encoding="utf-8"))
        tasks = [task for task in tasks if not only or task.name in only]
        mutants = [mutant for task in tasks for mutant in mutants_of(task)]
        passed = survivors(exercise, mutants, workers=workers)
        expected = of_tasks(listed, tasks)
        known = sum(mutant.key in expected for mutant in passed)
        row = [len(mutants), len(passed), known, time.monotonic() - began]
        total = [a + b for a, b in zip(total, row, strict=True)]
        say(table_row(exercise.name, *row))
        amiss += out_of_step(exercise, mutants, passed, expected)
    if len(chosen) > 1:
        say(table_row("all", *total))
    say("\n" + ("\n\n".join(amiss) or "Every mutant that passes is listed, and no other."))
    return 1 if amiss else 0


def table_row(name: str, mutants: float, passed: float, known: float, seconds: float) -> str:
    """Return a row; the rate leaves out those that are listed."""
    killed, others = mutants - passed, mutants - known
    rate = f"{100 * killed / others:.2f} %" if others else "–"
    cells = (name, mutants, killed, passed, known, rate, f"{seconds:.0f}")
    return f"| {' | '.join(map(str, cells))} |"


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
