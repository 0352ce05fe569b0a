"""Which mutants of an exercise its tests let pass, judged as a learner's answers are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from gradkata.course import Exercise
from gradkata.judging.protocol import Limits
from gradkata.judging.runner import judge
from gradkata.results import Outcome, Record, State

from .mutation import Mutant

# A loop without an end is stopped after half of these seconds, once for each test of its task.
LIMITS = Limits(seconds=8)


@dataclass(frozen=True)
class _Part(Exercise):
    """An exercise of which some tasks alone are judged."""

    chosen: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[str, ...]:  # type: ignore[override]
        """The chosen tasks."""
        return self.chosen


class NotSound(Exception):
    """The solution itself does not pass, and so nothing can be said of its mutants."""


def survivors(exercise: Exercise, mutants: Sequence[Mutant], *, workers: int) -> list[Mutant]:
    """Return the mutants that pass all tests of their task, in their order.

    Each file that is judged has a mutant in place of each of several tasks, and only the tests of
    these run.
    """
    tasks = {mutant.task.name: mutant.task for mutant in mutants}
    unchanged = [Mutant(task, "", task.text) for task in tasks.values()]
    passed = _passing(exercise, unchanged)
    if len(passed) < len(unchanged):
        names = [m.task.name for m in unchanged if m not in passed]
        raise NotSound(f"{exercise.name}: the solution of {', '.join(names)} does not pass")
    with ThreadPoolExecutor(workers) as pool:
        batches = list(_batches(mutants))
        found = {m for passed in pool.map(lambda b: _passing(exercise, b), batches) for m in passed}
    return [mutant for mutant in mutants if mutant in found]


def _batches(mutants: Sequence[Mutant]) -> Iterator[list[Mutant]]:
    """Yield mutants that can stand in one file: one of each task at most."""
    by_task: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        by_task.setdefault(mutant.task.name, []).append(mutant)
    for batch in zip_longest(*by_task.values()):
        yield [mutant for mutant in batch if mutant is not None]


def _passing(exercise: Exercise, batch: Sequence[Mutant]) -> list[Mutant]:
    record = _record(exercise, batch)
    if record.outcome != Outcome.OK and len(batch) > 1:
        # One that breaks the file, or ends the process, must not take others with it.
        return [m for mutant in batch for m in _passing(exercise, [mutant])]
    states = {task.task: task.state for task in record.tasks}
    return [mutant for mutant in batch if states[mutant.task.name] == State.DONE]


def _record(exercise: Exercise, batch: Sequence[Mutant]) -> Record:
    lines = exercise.solution.read_text(encoding="utf-8").splitlines(keepends=True)
    for mutant in sorted(batch, key=lambda mutant: -mutant.task.first_line):
        first = mutant.task.first_line - 1
        count = len(mutant.task.text.splitlines())
        lines[first : first + count] = [mutant.text.rstrip("\n") + "\n"]
    with tempfile.TemporaryDirectory(prefix="gradkata-mutants-") as folder:
        part = _Part(exercise.root, exercise.name, tuple(m.task.name for m in batch))
        answer = part.answer_in(Path(folder))
        answer.parent.mkdir()
        answer.write_text("".join(lines), encoding="utf-8")
        return judge(part, Path(folder), limits=LIMITS)
