"""Change each solution in one place after another, and see whether the tests notice.

It prints the mutants of each exercise, and those that pass. A mutant that breaks no sentence
stands in `listed.toml` with the reason. It fails on one that is not listed, and on one that is
and does not pass any more.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from gradkata.course import Exercise, UnknownName, exercises, find_exercise
from gradkata.judging.runner import cores

from .listed import Listed, read
from .mutation import Mutant, mutants_of, quoted, tasks_of
from .verdicts import NotSound, survivors

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Judge the mutants of the exercises asked for; 1 if the list is not in step with them."""
    parser = argparse.ArgumentParser(description=__doc__, prog="nox -s mutants --")
    parser.add_argument("--workers", type=int, default=min(2, cores()), help="at a time")
    parser.add_argument("--task", action="append", help="this task only; may be repeated")
    parser.add_argument("exercises", nargs="*", help="numbers; without them, all")
    asked = parser.parse_args()
    try:
        chosen = [find_exercise(ROOT, name) for name in asked.exercises] or exercises(ROOT)
        listed = read(Path(__file__).with_name("listed.toml"))
        return report(chosen, listed, asked.task, asked.workers)
    except (UnknownName, NotSound) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2


def report(
    chosen: tuple[Exercise, ...] | list[Exercise],
    listed: list[Listed],
    only: list[str] | None,
    workers: int,
) -> int:
    """Print a table as it grows, then what is amiss."""
    amiss = []
    say("| exercise | mutants | killed | survived | listed | killed of the others | seconds |")
    say("| --- | --- | --- | --- | --- | --- | --- |")
    total = [0, 0, 0, 0.0]
    for exercise in chosen:
        began = time.monotonic()
        tasks = tasks_of(exercise.solution.read_text(encoding="utf-8"))
        tasks = [task for task in tasks if not only or task.name in only]
        mutants = [mutant for task in tasks for mutant in mutants_of(task)]
        passed = survivors(exercise, mutants, workers=workers)
        expected = {key for entry in listed for key in entry.mutants}
        expected = {key for key in expected if key.split(" | ")[0] in {t.name for t in tasks}}
        known = [mutant for mutant in passed if mutant.key in expected]
        row = [len(mutants), len(passed), len(known), time.monotonic() - began]
        total = [a + b for a, b in zip(total, row, strict=True)]
        say(table_row(exercise.name, *row))
        amiss += [unlisted(exercise, mutant) for mutant in passed if mutant not in known]
        amiss += [no_longer(key, mutants) for key in sorted(expected - {m.key for m in passed})]
    if len(chosen) > 1:
        say(table_row("the whole course" if chosen == exercises(ROOT) else "these", *total))
    say("\n" + "\n\n".join(amiss) if amiss else "\nEvery mutant that passes is listed.")
    return 1 if amiss else 0


def table_row(name: str, mutants: float, passed: float, known: float, seconds: float) -> str:
    """Return a row; the rate leaves out those that are listed."""
    killed, others = mutants - passed, mutants - known
    cells = (name, mutants, killed, passed, known, f"{100 * killed / (others or 1):.2f} %")
    return f"| {' | '.join(map(str, cells))} | {seconds:.0f} |"


def unlisted(exercise: Exercise, mutant: Mutant) -> str:
    """Return where a mutant stands that passes, and its key as the list would have it."""
    place = f"solutions/{exercise.name}/{exercise.topic}.py:{mutant.line}"
    return f"passes and is not listed: {mutant.task.name}, {place}\n{quoted(mutant.key)},"


def no_longer(key: str, mutants: list[Mutant]) -> str:
    """Return that a mutant which is listed is killed now, or is not made any more."""
    exists = any(mutant.key == key for mutant in mutants)
    fact = "does not pass any more" if exists else "is not among the mutants any more"
    return f"listed, and {fact}: strike it out\n{quoted(key)},"


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
