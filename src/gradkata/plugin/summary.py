"""Draw what a run found: the faults, the board of tasks, and what to type next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradkata.course import Exercise
from gradkata.display import SIGNS, count, display_path, fold
from gradkata.results import State, Verdict


@dataclass
class TaskOnBoard:
    """The verdicts on one task, in the order in which its tests ran."""

    exercise: Exercise
    name: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """`done`, `to do`, `wrong`, or `part`: all that ran passed, but not every test ran."""
        states = [verdict.state for verdict in self.verdicts.values()]
        if State.WRONG in states:
            return State.WRONG
        if State.TO_DO in states:
            return State.TO_DO
        return State.DONE if len(states) >= self.total else State.PART

    @property
    def total(self) -> int:
        """How many tests it has."""
        return max(verdict.total for verdict in self.verdicts.values())

    @property
    def fault(self) -> Verdict:
        """The first verdict that keeps it from being done."""
        return next(v for v in self.verdicts.values() if v.state == self.state)

    @property
    def label(self) -> str:
        """Its sign and name."""
        if self.state == State.PART:
            return f"? {self.name} ({len(self.verdicts)} of {self.total} tests ran)"
        return f"{SIGNS[self.state]} {self.name}"


class Board:
    """What a run has found so far, and the lines that say it."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self.exercises = {exercise.name: exercise for exercise in exercises}
        self._records: dict[tuple[str, str], TaskOnBoard] = {}

    def add(self, verdict: Verdict) -> None:
        """Take a verdict in; a later one on the same test counts if it is not good."""
        key = (verdict.exercise, verdict.task)
        record = self._records.setdefault(
            key, TaskOnBoard(self.exercises[verdict.exercise], verdict.task)
        )
        if verdict.state != State.DONE or verdict.test not in record.verdicts:
            record.verdicts[verdict.test] = verdict

    @property
    def records(self) -> list[TaskOnBoard]:
        """One for each task of which a test ran, in the order of the course."""
        return sorted(
            self._records.values(),
            key=lambda r: (r.exercise.name, _place(r)),
        )

    def to_do(self) -> list[Verdict]:
        """Return a verdict for each task that is still to do."""
        return [record.fault for record in self.records if record.state == State.TO_DO]

    def faults(self) -> list[Verdict]:
        """Return the first verdict of each wrong task, and one alone for a file that is broken."""
        found = [record.fault for record in self.records if record.state == State.WRONG]
        heads = {v.exercise: v for v in reversed(found) if v.whole_file}
        return [v for v in found if not v.whole_file or heads[v.exercise] is v]

    def rows(self, width: int) -> list[str]:
        """Return a row for each exercise that ran, folded to the width."""
        rows = []
        for name in dict.fromkeys(record.exercise.name for record in self.records):
            labels = [record.label for record in self.records if record.exercise.name == name]
            rows += fold(labels, name, width).splitlines()
        return rows

    def closing_line(self, following: Exercise | None) -> str:
        """Return how much is done, and the command to type next."""
        so_far = count([record.state for record in self.records])
        advice = self._advice(following)
        return f"{so_far} · next: {advice}" if advice else so_far

    def _advice(self, following: Exercise | None) -> str:
        open_ones = [record for record in self.records if record.state != State.DONE]
        if not open_ones:
            return _pytest(following) if following else ""
        first = open_ones[0]
        if first.state == State.PART:
            return _pytest(first.exercise)
        if first.fault.whole_file:
            return f"mend {first.fault.place}"
        return f"{first.name} · kata hint {first.name}"


def _pytest(exercise: Exercise) -> str:
    """Return the command that judges an exercise, as it is typed from here."""
    path = Path(display_path(exercise.folder)).as_posix()
    return f'pytest "{path}"' if " " in path else f"pytest {path}"


def _place(record: TaskOnBoard) -> int:
    tasks = record.exercise.tasks
    return tasks.index(record.name) if record.name in tasks else len(tasks)
