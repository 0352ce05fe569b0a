"""What judging finds, as plain data: the state of a task, the verdict of a test, a record.

It travels between processes, and `kata check --json` prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

# Of a record as JSON. Another number means that a member is gone, or means something else.
SCHEMA = 1


class State(StrEnum):
    """The state of a task; of a single test it is one of the first three."""

    DONE = "done"
    WRONG = "wrong"
    TO_DO = "to do"
    # All that ran passed, but not every test ran.
    PART = "part"
    NOT_JUDGED = "not judged"
    # Never judged, or the file has changed since.
    NOT_KNOWN = "not known until pytest runs it"


class Outcome(StrEnum):
    """How a judgement ended."""

    UNDER_WAY = ""  # of an early report, which is asked for its tasks alone
    OK = "ok"  # every test had its verdict
    ERROR = "error"  # the file cannot be run
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out of memory"


@dataclass(frozen=True)
class Verdict:
    """What one test says of its task.

    It travels inside a report from process to process, and so holds plain values only.
    `total` counts the tests that the task has; `whole_file` marks a fault that is not
    the task's own, but of the file it stands in; `found_at` is where the test stands that
    found the fault.
    """

    exercise: str
    task: str
    test: str
    state: State
    total: int = 1
    file: str = ""
    line: int = 0
    lines: list[str] = field(default_factory=list)
    whole_file: bool = False
    printed: list[str] = field(default_factory=list)
    found_at: str = ""

    @property
    def place(self) -> str:
        """The file and line, as editors and terminals link them."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the verdict that `as_dict` made these values of."""
        return cls(**{**values, "state": State(values["state"])})

    def as_dict(self) -> dict[str, Any]:
        """Return values of Python's own types, for xdist sends no others."""
        return {**vars(self), "state": str(self.state)}


@dataclass(frozen=True)
class TaskRecord:
    """The state of one task, and what a learner reads of it.

    `lines` are the sentence and the values. `found_by` names the test that found the fault, and
    `found_at` is its file and line; both are empty where there is none. `printed` is what the
    answer printed on the way, `seconds` the time of its tests as pytest reports it.
    """

    task: str
    state: State
    place: str = ""
    lines: list[str] = field(default_factory=list)
    found_by: str = ""
    found_at: str = ""
    printed: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Record:
    """What one judgement found.

    `detail` is a sentence for every outcome but `ok`. `output` is what was printed past
    Python's own streams; `seconds` counts from the word to begin.
    """

    exercise: str
    outcome: Outcome
    detail: str
    tasks: list[TaskRecord]
    output: str
    seconds: float

    @property
    def done(self) -> bool:
        """Whether every task of the exercise is done."""
        return self.outcome == Outcome.OK and all(task.state == State.DONE for task in self.tasks)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as `kata check --json` prints them."""
        return {"schema": SCHEMA, **asdict(self)}
