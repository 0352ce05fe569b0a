"""What is watched and shown, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradkata.course import Exercise
from gradkata.results import Record, State
from gradkata.watch.events import Course, States
from gradkata.watch.pages import Page


@dataclass(frozen=True)
class Request:
    """What was asked for last: an exercise with files of this fingerprint, and when."""

    number: int
    exercise: Exercise
    fingerprint: str
    at: float


@dataclass(frozen=True)
class Ahead:
    """What comes after an exercise that is done.

    Args:
        following: the next that is not done.
        again: what is still to be judged again before all is said to be done.
        all_done: whether everything was judged again, and is done.
    """

    following: Exercise | None = None
    again: tuple[Exercise, ...] = ()
    all_done: bool = False


@dataclass(frozen=True)
class Watched:
    """The exercise at hand, what is known of it, and what is on the screen.

    Args:
        course: all exercises.
        exercise: the one at hand.
        states: what was known of its tasks before it was judged.
        record: what was found.
        is_whole: whether that is of all tasks, or of those that came first.
        text: the learner's file when it was last looked at.
        seen: the fingerprint of its files when it was last asked for.
        request: what was asked for last.
        is_judging: whether it is under way.
        was_judged: whether anything was judged yet, so that torch is imported.
        ahead: what comes after it.
        page: what is shown in place of the verdict.
        scroll: how many lines of that are above the screen.
        notice: a sentence on what a key has done.
    """

    course: Course
    exercise: Exercise
    states: Mapping[str, State] = field(default_factory=dict)
    record: Record | None = None
    is_whole: bool = True
    text: str = ""
    seen: str = ""
    request: Request | None = None
    is_judging: bool = False
    was_judged: bool = False
    ahead: Ahead = Ahead()
    page: Page | None = None
    scroll: int = 0
    notice: str = ""


def states_of(watched: Watched) -> States:
    """Return the state of each task of the exercise at hand, as far as it is known."""
    if watched.record is None:
        return watched.states
    return {task.task: task.state for task in watched.record.tasks}


def task_at_hand(watched: Watched) -> str | None:
    """Return the first wrong task, or else the first that is not done."""
    states = states_of(watched)
    wrong = (task for task, state in states.items() if state == State.WRONG)
    return next(wrong, next((t for t, state in states.items() if state != State.DONE), None))
