"""What is watched and shown, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gradkata.course import Exercise
from gradkata.results import Record, State
from gradkata.watch.effects import Effect
from gradkata.watch.events import Course, Stamps, States
from gradkata.watch.pages import Page, Question


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
        chosen: the tasks of it that were changed or chosen last.
        states: what was known of its tasks before it was judged.
        record: what was found.
        is_whole: whether that is of all tasks, or of those that came first.
        judged_at: the time of day when it was found.
        text: the learner's file when it was last looked at.
        seen: the fingerprint of its files when it was last asked for.
        request: what was asked for last.
        is_judging: whether it is under way.
        was_judged: whether anything was judged yet, so that torch is imported.
        elsewhere: when each other exercise's file was written, as it was last looked at.
        others: how many tasks of the other exercises are done, and how many there are.
        ahead: what comes after it.
        page: what is shown in place of the verdict.
        scroll: how many lines of that are above the screen.
        notice: a sentence on what a key has done.
        notice_stays: whether it is still to be read after the next save, which it tells of.
        bell: whether a slow verdict is told by the bell.
        stays: whether the learner named the exercise when they typed `kata`, so that a save
            elsewhere, which another `kata` may be watching, does not lead away from it.
    """

    course: Course
    exercise: Exercise
    chosen: tuple[str, ...] = ()
    states: Mapping[str, State] = field(default_factory=dict)
    record: Record | None = None
    is_whole: bool = True
    judged_at: str = ""
    text: str = ""
    seen: str = ""
    request: Request | None = None
    is_judging: bool = False
    was_judged: bool = False
    elsewhere: Stamps = field(default_factory=dict)
    others: tuple[int, int] = (0, 0)
    ahead: Ahead = Ahead()
    page: Page | None = None
    scroll: int = 0
    notice: str = ""
    notice_stays: bool = False
    bell: bool = False
    stays: bool = False

    @property
    def is_survey_due(self) -> bool:
        """Tell whether the exercise is done and it is about to be known which comes next."""
        ahead = self.ahead
        is_known = bool(ahead.following or ahead.again or ahead.all_done)
        return self.record is not None and self.record.done and self.is_whole and not is_known


def states_of(watched: Watched) -> States:
    """Return the state of each task of the exercise at hand, as far as it is known."""
    if watched.record is None:
        return watched.states
    return {task.task: task.state for task in watched.record.tasks}


def task_at_hand(watched: Watched) -> str | None:
    """Return the task that was changed or chosen last, or else the first; a wrong one at best.

    One that is done is never at hand.
    """
    states = states_of(watched)
    chosen = {task: states[task] for task in watched.chosen if task in states}
    for among in (chosen, states):
        wrong = (task for task, state in among.items() if state == State.WRONG)
        open_ = (task for task, state in among.items() if state != State.DONE)
        if task := next(wrong, next(open_, None)):
            return task
    return None


def wrong_tasks(watched: Watched) -> list[str]:
    """Return the tasks that are wrong, in their order."""
    return [task for task, state in states_of(watched).items() if state == State.WRONG]


# The state after an event, and what is to be done then.
Step = tuple[Watched, tuple[Effect, ...]]


def position(state: Watched) -> int:
    """Return how many exercises stand before the one at hand."""
    return state.course.exercises.index(state.exercise)


def ask(state: Watched, question: str, yes: Effect) -> Step:
    """Ask before something is done."""
    return replace(state, page=Question(question, yes), scroll=0), ()
