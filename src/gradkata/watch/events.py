"""What may happen while an exercise is watched; each event carries what was read from disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradkata.course import Exercise
from gradkata.course.guidance import Comparison, Hint
from gradkata.course.ways import Way
from gradkata.results import Record, State, TaskRecord

States = Mapping[str, State]
# When the file of each exercise was written, by the exercise's name.
Stamps = Mapping[str, int]


# What the sources tell


@dataclass(frozen=True)
class Pressed:
    """A key, by its name or its character."""

    key: str


@dataclass(frozen=True)
class Saved:
    """A learner's file was written, or the tests of the exercise at hand."""


@dataclass(frozen=True)
class Tick:
    """No source had anything for a while."""


@dataclass(frozen=True)
class DrawnOver:
    """The screen is to be drawn anew."""


@dataclass(frozen=True)
class Ended:
    """The input has ended."""


@dataclass(frozen=True)
class Judged:
    """The record that a request led to."""

    number: int
    record: Record
    time_of_day: str = ""
    now: float = 0.0


@dataclass(frozen=True)
class FirstJudged:
    """The tasks of a request that came first, while the others are still being judged."""

    number: int
    tasks: Sequence[TaskRecord]


@dataclass(frozen=True)
class Edited:
    """An editor has ended, or could not begin; the sentence says why, if it is not well."""

    sentence: str = ""


@dataclass(frozen=True)
class EditorFailed:
    """An editor beside the screen has ended, and not well."""

    sentence: str


Signal = Pressed | Saved | Tick | DrawnOver | Ended | Edited | EditorFailed | Judged | FirstJudged


# What the screen and the disk add to it


@dataclass(frozen=True)
class Course:
    """The exercises of a course, and what a learner can do after each."""

    exercises: tuple[Exercise, ...]
    gains: Mapping[str, str]


@dataclass(frozen=True)
class Key:
    """A key that was pressed at a page.

    Args:
        key: its name or its character.
        room: how many lines there are for the page.
        end: how many lines the page can be scrolled.
    """

    key: str
    room: int = 1
    end: int = 0


@dataclass(frozen=True)
class Files:
    """The learner's file and the tests, at one moment; `states` is what was known of them."""

    fingerprint: str
    text: str
    states: States


@dataclass(frozen=True)
class Looked:
    """The files of the exercise at hand, as they are now.

    Args:
        files: what they hold.
        now: the time, in seconds.
        saved: whether a save was told of.
        elsewhere: when the files of the other exercises were written.
        course: the course read again, if tests are not what they were.
        problem: why it cannot be.
    """

    files: Files
    now: float
    saved: bool = False
    elsewhere: Stamps = field(default_factory=dict)
    course: Course | None = None
    problem: str = ""


# What comes of an effect


@dataclass(frozen=True)
class Opened:
    """An exercise is at hand, or a task of it, with its files as they are now."""

    exercise: Exercise
    files: Files
    now: float
    elsewhere: Stamps = field(default_factory=dict)
    task: str = ""


@dataclass(frozen=True)
class Surveyed:
    """The first of some exercises that is not known to be done.

    `fingerprint` is that of the files of the first exercise among them.
    """

    among: tuple[Exercise, ...]
    following: Exercise | None
    fingerprint: str
    now: float


@dataclass(frozen=True)
class OthersCounted:
    """How many tasks of the other exercises are known to be done, and how many there are."""

    done: int
    of: int


@dataclass(frozen=True)
class StatesRead:
    """What is known of every exercise."""

    states: tuple[tuple[Exercise, States], ...]


@dataclass(frozen=True)
class LessonRead:
    """The text of a lesson."""

    exercise: Exercise
    text: str


@dataclass(frozen=True)
class HintCounted:
    """The hint that is due; None if the task has none."""

    task: str
    hint: Hint | None


@dataclass(frozen=True)
class SolutionRead:
    """Definitions of the learner's beside ours."""

    exercise: Exercise
    compared: tuple[Comparison, ...]


@dataclass(frozen=True)
class TestRead:
    """The source of the test that found a task's fault."""

    __test__ = False  # pytest collects by the name

    task: TaskRecord
    source: str


@dataclass(frozen=True)
class WaysRead:
    """The kept right answers of a task."""

    task: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class StubLookedAt:
    """Whether the learner's file is there, and is the stub."""

    exercise: Exercise
    is_there: bool
    is_stub: bool


@dataclass(frozen=True)
class StubReset:
    """The stub is back; `kept` is where the learner's file is now."""

    kept: str


@dataclass(frozen=True)
class HandMoved:
    """The learner's hand is up in their room, or down; the sentence says so."""

    sentence: str


@dataclass(frozen=True)
class Failed:
    """An effect failed to read or write; the sentence says why."""

    sentence: str


PageRead = (
    StatesRead
    | LessonRead
    | HintCounted
    | SolutionRead
    | TestRead
    | WaysRead
    | StubLookedAt
    | StubReset
    | HandMoved
    | Failed
)
Answer = Opened | Surveyed | OthersCounted | PageRead
Event = Key | Looked | DrawnOver | Ended | Edited | EditorFailed | Judged | FirstJudged | Answer
