"""What the open pages are told: all at first, and then what has changed, several times a second."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from gradkata.results import State
from gradkata.room.standing import Learner, Standing

# Seconds between looks whether anything is new, and between signs of life.
LOOK, _BEAT = 0.3, 5.0
# Seconds after which one who reports nothing no longer says what the room is at.
_AWAY = 20 * 60.0
_MOST_MISTAKES = 3
_COUNTED = (State.DONE, State.WRONG, State.TO_DO, State.PART)


def at_hand(standing: Standing, now: float) -> str:
    """Return the exercise that most are at; of two, the later one."""
    order = list(standing.tasks)
    all_of_them = [one for one in standing.learners.values() if one.exercise in standing.tasks]
    here = [one for one in all_of_them if now - one.seen < _AWAY] or all_of_them
    counted = Counter(one.exercise for one in here)
    return max(counted, key=lambda name: (counted[name], order.index(name)), default=order[0])


def for_teacher(standing: Standing, seen: int, now: float) -> dict[str, Any]:
    """Return where the room stands, with each learner who has changed since a version."""
    return {
        **for_wall(standing, now),
        "rows": [_row(standing, o) for o in standing.learners.values() if o.version > seen],
        "mistakes": {name: _most_frequent(standing, name) for name in standing.tasks},
    }


def for_wall(standing: Standing, now: float) -> dict[str, Any]:
    """Return where the room stands, without a name."""
    return {
        "now": now,
        "learners": len(standing.learners),
        "at": at_hand(standing, now),
        "counts": [[counted[s] for s in _COUNTED] for counted in standing.states.values()],
        "whole": {name: standing.whole[name] for name in standing.tasks},
    }


def _row(standing: Standing, learner: Learner) -> dict[str, Any]:
    return {
        "id": learner.number,
        "name": learner.shown,
        "states": standing.letters(learner),
        "exercise": learner.exercise,
        "task": learner.task,
        "since": learner.since,
        "seen": learner.seen,
        "hand": learner.hand,
    }


def _most_frequent(standing: Standing, exercise: str) -> list[tuple[str, str, int]]:
    made = [
        (task, mistake, count)
        for task in standing.tasks[exercise]
        for mistake, count in standing.mistakes[exercise, task].items()
        if count > 0
    ]
    return sorted(made, key=lambda one: -one[2])[:_MOST_MISTAKES]


async def events(
    standing: Standing, problem: Callable[[], str], *, is_for_teacher: bool
) -> AsyncIterator[str]:
    """Yield what a page is told, as server-sent events, for as long as it listens.

    Args:
        standing: where the room stands.
        problem: says why nothing can be stored; empty if it can.
        is_for_teacher: whether the page shows names.
    """
    seen, told, last = -1, "", time.monotonic()
    yield "retry: 1000\n\n"
    while True:
        version, words = standing.version, problem()
        if version != seen or words != told:
            now = time.time()
            if is_for_teacher:
                content = for_teacher(standing, seen, now)
            else:
                content = for_wall(standing, now)
            text = json.dumps(content | {"problem": words, "first": seen < 0})
            seen, told, last = version, words, time.monotonic()
            yield f"data: {text}\n\n"
        elif time.monotonic() - last > _BEAT:
            last = time.monotonic()
            yield "event: beat\ndata: 1\n\n"
        await asyncio.sleep(LOOK)
