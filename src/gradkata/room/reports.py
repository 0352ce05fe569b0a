"""What a learner's machine says of a verdict: never code, values, paths or the machine's name."""

from __future__ import annotations

import secrets
import time
from typing import Any

from gradkata.course import Exercise, progress
from gradkata.results import Record, State, TaskRecord
from gradkata.room.sentences import mistake_in

SENT = (
    "exercise, task, state, the named mistake, how many hints were asked and the time; "
    "never code, values, paths or the machine's name"
)
_TOLD = (State.DONE, State.WRONG, State.TO_DO, State.PART)


def report_of(exercise: Exercise, record: Record, at: float) -> dict[str, Any] | None:
    """Return what is said of a record; None if nothing was judged.

    Args:
        exercise: what was judged.
        record: what was found.
        at: the time of the verdict, in seconds since 1970.
    """
    hints = progress.hints_asked(exercise)
    tasks = [
        {
            "task": task.task,
            "state": str(task.state),
            "mistake": _mistake(exercise, task),
            "hints": hints.get(task.task, 0),
        }
        for task in record.tasks
        if task.state in _TOLD and task.task in exercise.tasks
    ]
    if not tasks:
        return None
    return {"id": secrets.token_hex(16), "exercise": exercise.name, "at": at, "tasks": tasks}


def _mistake(exercise: Exercise, task: TaskRecord) -> str:
    return mistake_in(task.lines, exercise, task.task) if task.state == State.WRONG else ""


def now() -> float:
    """Return the time, in seconds since 1970."""
    return time.time()
