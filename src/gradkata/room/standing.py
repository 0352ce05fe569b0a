"""Where the room stands, in memory: it follows from the reports, in the order they came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradkata.results import State
from gradkata.room.jobs import Report, Said

Tasks = Mapping[str, Sequence[str]]  # of each exercise, in the order of the course
_LETTERS = {State.DONE: "d", State.WRONG: "w", State.TO_DO: "t", State.PART: "p"}
NOTHING = "."


@dataclass
class Learner:
    """One who has joined.

    Args:
        number: by which the room knows them.
        name: that they gave.
        shown: the name, told from that of another who has the same.
        joined: when.
        seen: when they last reported.
        exercise: that they reported of last.
        task: that they are on.
        since: when they began it.
        hand: since when they want help; None if they do not.
        version: of the room when this last changed.
        said: what they last said of each task.
    """

    number: int
    name: str
    shown: str
    joined: float
    seen: float = 0.0
    exercise: str = ""
    task: str = ""
    since: float = 0.0
    hand: float | None = None
    version: int = 0
    said: dict[tuple[str, str], Said] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)


class Standing:
    """Where each learner stands, and how many stand where.

    Args:
        tasks: of the course.
    """

    def __init__(self, tasks: Tasks) -> None:
        self.tasks = tasks
        self.version = 0
        self.learners: dict[int, Learner] = {}
        self.states: dict[tuple[str, str], Counter[str]] = {
            (e, task): Counter() for e, of in tasks.items() for task in of
        }
        self.mistakes: dict[tuple[str, str], Counter[str]] = {key: Counter() for key in self.states}
        self.whole: Counter[str] = Counter()  # how many have done all of an exercise
        self._names: set[str] = set()

    def join(self, number: int, name: str, at: float) -> Learner:
        """Take in a learner, or a name of theirs that is new."""
        learner = self.learners.get(number)
        if learner is None:
            learner = self.learners[number] = Learner(number, name, "", at)
        else:
            self._names.discard(learner.shown)
        learner.name, learner.shown = name, self._free(name)
        self._names.add(learner.shown)
        self._changed(learner)
        return learner

    def _free(self, name: str) -> str:
        """Return a name, with a number where another has it."""
        number, free = 1, name
        while free in self._names:
            number += 1
            free = f"{name} ({number})"
        return free

    def _changed(self, learner: Learner) -> None:
        self.version += 1
        learner.version = self.version

    def take(self, report: Report) -> None:
        """Take in what a report changes."""
        learner = self.learners[report.learner]
        exercise = report.exercise
        known = [said for said in report.tasks if (exercise, said.task) in self.states]
        for said in known:
            self._count(learner, exercise, said)
        learner.seen = max(learner.seen, report.at)
        learner.exercise = exercise
        task = self._task_at_hand(learner, [said.task for said in known])
        if task != learner.task:
            learner.task, learner.since = task, report.at
        self._changed(learner)

    def _count(self, learner: Learner, exercise: str, said: Said) -> None:
        key = exercise, said.task
        before = learner.said.get(key)
        learner.said[key] = said
        for one, step in ((before, -1), (said, 1)):
            if one is None:
                continue
            self.states[key][one.state] += step
            if one.mistake:
                made = self.mistakes[key]
                made[one.mistake] += step
                if not made[one.mistake]:
                    del made[one.mistake]
            if one.state == State.DONE:
                total = len(self.tasks[exercise])
                self.whole[exercise] -= learner.done[exercise] == total
                learner.done[exercise] += step
                self.whole[exercise] += learner.done[exercise] == total

    def _task_at_hand(self, learner: Learner, changed: Sequence[str]) -> str:
        """Return the task that a learner is on: one that they changed or were on, else the first.

        One that is wrong is at hand before one that is to do; one that is done never is.
        """
        exercise = learner.exercise
        states = {t: self._state(learner, exercise, t) for t in self.tasks.get(exercise, ())}
        stays = [learner.task] if learner.task in states else []
        some = [task for task in changed if states.get(task) == State.WRONG]
        # Where many have changed at once, that says nothing of what is worked on.
        for among in (some if len(some) == 1 else [], stays, states):
            wrong = (task for task in among if states[task] == State.WRONG)
            open_ = (task for task in among if states[task] != State.DONE)
            if task := next(wrong, next(open_, "")):
                return task
        return ""

    def _state(self, learner: Learner, exercise: str, task: str) -> str:
        said = learner.said.get((exercise, task))
        return said.state if said else State.TO_DO

    def raise_hand(self, number: int, at: float | None) -> None:
        """Show a hand since a time, or lower it."""
        learner = self.learners[number]
        is_up = learner.hand is not None and at is not None
        learner.hand = learner.hand if is_up else at
        self._changed(learner)

    def letters(self, learner: Learner) -> str:
        """Return a letter for the state of each task, in the order of the course."""
        said = learner.said
        return "".join(
            _LETTERS.get(State(said[key].state), NOTHING) if key in said else NOTHING
            for key in self.states
        )
