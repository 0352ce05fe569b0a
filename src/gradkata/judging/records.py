"""Make a plain record of what the workers have reported."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gradkata.course import Exercise, function_of
from gradkata.display import made_visible, visible_output
from gradkata.judging.protocol import Limits
from gradkata.results import Outcome, Record, State, TaskRecord, Verdict

LIMITS_MEMORY = sys.platform == "linux"

_CUT_SHORT = "the run ended before every test had its verdict"


def record_of(
    exercise: Exercise, parts: Sequence[dict[str, Any]], limits: Limits, seconds: float
) -> Record:
    """Return the record of an exercise from what its workers have reported."""
    parts = [_without_doubt(part, parts) for part in parts]
    timed = [(Verdict.from_dict(v), took) for part in parts for v, took in part["verdicts"]]
    verdicts = [verdict for verdict, _ in timed]
    outcome, detail = next(
        ((p["outcome"], p["detail"]) for p in parts if p["outcome"] != "ok"), ("ok", "")
    )
    unrunnable = next((p for p in parts if p["at_import"]), None)
    broken = next((v for v in verdicts if v.whole_file), None)
    hungry = next((v for v in verdicts if is_out_of_memory(v)), None)
    if unrunnable is not None:
        outcome, detail = "error", f"{_place(exercise, unrunnable)}\n{unrunnable['detail']}"
    elif outcome == "ok" and broken is not None:
        outcome, detail = "error", "\n".join([broken.place, *broken.lines])
    elif outcome == "ok" and hungry is not None:
        most = f"{limits.memory / 2**30:g} GiB of memory" if LIMITS_MEMORY else "there is"
        outcome, detail = "out of memory", f"{hungry.task} asks for more than {most}"
    tasks = []
    for task in exercise.tasks:
        printed = "".join(
            text for part in parts for printer, text in part["printed"] if printer == task
        )
        tasks.append(
            replace(
                _task_record(exercise, task, verdicts, parts),
                printed=visible_output(printed).splitlines(),
                seconds=sum(took for verdict, took in timed if verdict.task == task),
            )
        )
    if outcome == "ok" and any(task.state == State.NOT_JUDGED for task in tasks):
        outcome, detail = "crashed", _CUT_SHORT
    output = visible_output("".join(part["output"] for part in parts))
    return made_visible(Record(exercise.name, Outcome(outcome), detail, tasks, output, seconds))


# On Windows torch names its file with the folders that it was built in.
_REFUSED = re.compile(
    r"(?:.*, it raises )?"  # where a test says of what
    r"(?:MemoryError\Z|_ArrayMemoryError: |RuntimeError: \[enforce fail at [^]]*\balloc_cpu\.cpp)"
)


def is_out_of_memory(verdict: Verdict) -> bool:
    """Tell whether Python, NumPy or torch was refused memory."""
    return bool(_REFUSED.match(next(iter(verdict.lines), "")))


def _task_record(
    exercise: Exercise, task: str, verdicts: list[Verdict], parts: Sequence[dict[str, Any]]
) -> TaskRecord:
    mine = [v for v in verdicts if v.task == task]
    wrong = next((v for v in mine if v.state == State.WRONG), None)
    if wrong is not None:
        lines, found_by = list(wrong.lines), wrong.test if wrong.found_at else ""
        return TaskRecord(task, State.WRONG, wrong.place, lines, found_by, wrong.found_at)
    for part in parts:
        if task in part["tasks"]:
            lines, test = [part["detail"]], _test_at_hand(exercise, task, part)
            place = exercise.place_of(test) if test else ""
            return TaskRecord(task, State.WRONG, _place(exercise, part), lines, test, place)
    to_do = next((v for v in mine if v.state == State.TO_DO), None)
    if to_do is not None:
        return TaskRecord(task, State.TO_DO, to_do.place, list(to_do.lines))
    if _is_complete(exercise, task, mine):
        return TaskRecord(task, State.DONE)
    why = next((part["detail"] for part in parts if part["outcome"] != "ok"), _CUT_SHORT)
    return TaskRecord(task, State.NOT_JUDGED, lines=[why])


def _test_at_hand(exercise: Exercise, task: str, part: dict[str, Any]) -> str:
    """Return the test of the task that a worker was at when it ended, if it was at one."""
    running = str(part.get("running", ""))
    return running if running.startswith(f"{exercise.tests_of(task).name}::") else ""


def _without_doubt(part: dict[str, Any], parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Clear the tasks that left a thread if the task at hand ends a process alone too."""
    ended = [task for other in parts if other is not part for task in other["tasks"]]
    return part | {"tasks": []} if part["doubted"] and part["doubted"] in ended else part


def _place(exercise: Exercise, part: dict[str, Any]) -> str:
    return str(part["place"]).removeprefix(f"{exercise.root}{os.sep}")


def _is_complete(exercise: Exercise, task: str, verdicts: list[Verdict]) -> bool:
    """Tell whether each test function of the task, and each of its cases, had a verdict."""
    seen = {function_of(v.test) for v in verdicts}
    due = max((verdict.total for verdict in verdicts), default=1)
    return set(exercise.functions[task]) <= seen and len(verdicts) >= due
