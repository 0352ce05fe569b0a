"""What follows from an event; it is done once the screen is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from gradkata.course import Exercise
from gradkata.results import Record, TaskRecord


@dataclass(frozen=True)
class Judge:
    """Judge an exercise, these tasks first, in place of what is being judged."""

    number: int
    exercise: Exercise
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class GetReady:
    """Get ready to judge the next save of a file with this text."""

    text: str


@dataclass(frozen=True)
class Edit:
    """Open the learner's file in their editor, at a line of it, or else at a task."""

    exercise: Exercise
    task: str
    line: int | None = None


@dataclass(frozen=True)
class ShowBook:
    """Open the book at a task, or at an exercise where none is at hand."""

    exercise: Exercise
    task: str


@dataclass(frozen=True)
class Ring:
    """Ring the bell."""


@dataclass(frozen=True)
class Quit:
    """End."""


@dataclass(frozen=True)
class Remember:
    """Keep the states of a record, if the files are still the ones that were judged."""

    exercise: Exercise
    record: Record
    fingerprint: str


@dataclass(frozen=True)
class Open:
    """Read the files of an exercise, to have it at hand, or a task of it."""

    exercise: Exercise
    task: str = ""


@dataclass(frozen=True)
class Survey:
    """Look which exercises are not known to be done."""

    among: tuple[Exercise, ...]


@dataclass(frozen=True)
class CountOthers:
    """Count the tasks of the other exercises, and those that are known to be done."""

    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class ReadStates:
    """Read what is known of every exercise."""

    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class ReadLesson:
    """Read a lesson."""

    exercise: Exercise


@dataclass(frozen=True)
class CountHint:
    """Count one more request for a hint."""

    exercise: Exercise
    task: str


@dataclass(frozen=True)
class ReadSolution:
    """Compare definitions of the learner's with ours."""

    exercise: Exercise
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class ReadTest:
    """Read the source of the test that found a task's fault."""

    exercise: Exercise
    task: TaskRecord


@dataclass(frozen=True)
class ReadWays:
    """Read the kept right answers of a task."""

    exercise: Exercise
    task: str


@dataclass(frozen=True)
class LookAtStub:
    """Look whether there is anything to reset."""

    exercise: Exercise


@dataclass(frozen=True)
class ResetStub:
    """Put the stub back, and keep the learner's file."""

    exercise: Exercise


@dataclass(frozen=True)
class MoveHand:
    """Raise the learner's hand in their room, or lower it."""


# These are answered by an event.
Reading = (
    Open
    | Survey
    | CountOthers
    | ReadStates
    | ReadLesson
    | CountHint
    | ReadSolution
    | ReadTest
    | ReadWays
    | LookAtStub
    | ResetStub
)
Effect = Judge | GetReady | Edit | ShowBook | Ring | Quit | Remember | MoveHand | Reading
