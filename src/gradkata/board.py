"""Draw what a run found: the faults, the board of tasks, and what to type next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gradkata.course import Exercise
from gradkata.verdicts import DONE, SIGNS, TO_DO, WRONG, Verdict

_ASCII = {"✓": "+", "✗": "x", "·": "-", "…": "..."}
_COLOURS = {DONE: {"green": True}, TO_DO: {"yellow": True}, WRONG: {"red": True}}


@dataclass
class TaskRecord:
    """The verdicts on one task, in the order in which its tests ran."""

    exercise: Exercise
    name: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """`done`, `to do`, `wrong`, or `part`: all that ran passed, but not every test ran."""
        states = [verdict.state for verdict in self.verdicts.values()]
        if WRONG in states:
            return WRONG
        if TO_DO in states:
            return TO_DO
        return DONE if len(states) >= self.total else "part"

    @property
    def total(self) -> int:
        """How many tests it has."""
        return max(verdict.of for verdict in self.verdicts.values())

    @property
    def fault(self) -> Verdict:
        """The first verdict that keeps it from being done."""
        return next(v for v in self.verdicts.values() if v.state == self.state)

    @property
    def label(self) -> str:
        """Its sign and name."""
        if self.state == "part":
            return f"? {self.name} ({len(self.verdicts)} of {self.total} tests ran)"
        return f"{SIGNS[self.state]} {self.name}"


class Board:
    """What a run has found so far, and the lines that say it."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self.exercises = {exercise.name: exercise for exercise in exercises}
        self._records: dict[tuple[str, str], TaskRecord] = {}

    def add(self, verdict: Verdict) -> None:
        """Take a verdict in; a later one on the same test counts if it is not good."""
        key = (verdict.exercise, verdict.task)
        record = self._records.setdefault(
            key, TaskRecord(self.exercises[verdict.exercise], verdict.task)
        )
        if verdict.state != DONE or verdict.test not in record.verdicts:
            record.verdicts[verdict.test] = verdict

    @property
    def records(self) -> list[TaskRecord]:
        """One for each task of which a test ran, in the order of the course."""
        return sorted(
            self._records.values(),
            key=lambda r: (r.exercise.name, _place(r)),
        )

    def to_do(self) -> list[Verdict]:
        """Return a verdict for each task that is still to do."""
        return [record.fault for record in self.records if record.state == TO_DO]

    def faults(self) -> list[Verdict]:
        """Return the first verdict of each wrong task, and one alone for a file that is broken."""
        found = [record.fault for record in self.records if record.state == WRONG]
        heads = {v.exercise: v for v in reversed(found) if v.whole_file}
        return [v for v in found if not v.whole_file or heads[v.exercise] is v]

    def rows(self, width: int) -> list[str]:
        """Return a row for each exercise that ran, folded to the width."""
        rows = []
        for name in dict.fromkeys(record.exercise.name for record in self.records):
            labels = [record.label for record in self.records if record.exercise.name == name]
            rows += _fold(name, labels, width)
        return rows

    def closing_line(self, following: Exercise | None) -> str:
        """Return how much is done, and the command to type next."""
        done = sum(record.state == DONE for record in self.records)
        total = len(self.records)
        count = f"{done} of {total} {'task' if total == 1 else 'tasks'} done"
        advice = self._advice(following)
        return f"{count} · next: {advice}" if advice else count

    def _advice(self, following: Exercise | None) -> str:
        open_ones = [record for record in self.records if record.state != DONE]
        if not open_ones:
            return f"pytest exercises/{following.name}" if following else ""
        first = open_ones[0]
        if first.state == "part":
            return f"pytest exercises/{first.exercise.name}"
        if first.fault.whole_file:
            return f"mend {first.fault.place}"
        return f"{first.name} · kata hint {first.name}"


def _place(record: TaskRecord) -> int:
    tasks = record.exercise.tasks
    return tasks.index(record.name) if record.name in tasks else len(tasks)


def _fold(name: str, labels: Sequence[str], width: int) -> list[str]:
    rows = [name]
    for label in labels:
        if len(rows[-1]) + 2 + len(label) > width and len(rows[-1]) > len(name):
            rows.append(" " * len(name))
        rows[-1] += "  " + label
    return rows


def in_ascii(text: str) -> str:
    """Replace the signs that a terminal without Unicode cannot show."""
    for sign, plain in _ASCII.items():
        text = text.replace(sign, plain)
    return text


def colour_of(sign: str) -> dict[str, bool]:
    """Return the markup of a task's sign."""
    return next((_COLOURS[state] for state, s in SIGNS.items() if s == sign), {})
