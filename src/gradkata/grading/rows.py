"""What comes of judging, as rows: one for each learner, exercise and task, whatever they did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from gradkata.course import Exercise
from gradkata.display import made_visible

NAMED = "This is exactly what you get when "
_PRINTED = 20  # lines of what was printed that are kept


class RowState(StrEnum):
    """The state of a learner's task."""

    DONE = "done"
    WRONG = "wrong"
    TO_DO = "to do"
    MISSING = "missing"  # no file for the exercise, or none of this name in it
    ERROR = "error"  # the file cannot be run
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out of memory"
    TAMPERED = "tampered"  # what judges was found changed: for a person to look at
    NOT_JUDGED = "not judged"


# States that may be the machine's doing: identical answers are judged again for each learner.
TRANSIENT = {
    RowState.TIMEOUT,
    RowState.CRASHED,
    RowState.OUT_OF_MEMORY,
    RowState.TAMPERED,
    RowState.NOT_JUDGED,
}


@dataclass(frozen=True)
class Row:
    """One task of one learner.

    Args:
        learner: as shown.
        exercise: its name.
        task: its name.
        state: what came of it.
        points: that it has earned, of so many that are `possible`.
        sentence: what is to say of a task that is not done; empty of one that is.
        lines: the values below the sentence.
        place: file and line, in what was handed in.
        mistake: the known mistake whose result is exactly this one.
        found_by: the test that found the fault.
        printed: the end of what the answer printed.
        seconds: that its tests took.
        flags: for a person to look at.
    """

    learner: str
    exercise: str
    task: str
    state: RowState
    points: float = 0.0
    possible: float = 1.0
    sentence: str = ""
    lines: list[str] = field(default_factory=list)
    place: str = ""
    mistake: str = ""
    found_by: str = ""
    printed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    flags: list[str] = field(default_factory=list)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the row that `as_dict` made these values of."""
        return cls(**{**values, "state": RowState(values["state"])})

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Points:
    """What each task is worth: one point, unless a file says otherwise."""

    of_tasks: Mapping[str, float] = field(default_factory=dict)

    def possible(self, task: str) -> float:
        """Return what a task is worth."""
        return self.of_tasks.get(task, 1.0)


def without_verdict(
    learner: str, exercise: Exercise, state: RowState, sentence: str, points: Points
) -> list[Row]:
    """Return the rows of an exercise of which nothing was judged."""
    return [
        made_visible(
            Row(
                learner,
                exercise.name,
                task,
                state,
                possible=points.possible(task),
                sentence=sentence,
            )
        )
        for task in exercise.tasks
    ]


def rows_of(
    learner: str, exercise: Exercise, path: str, result: Mapping[str, Any], points: Points
) -> list[Row]:
    """Return the rows of an answer that was judged, on one seed or on several.

    Args:
        learner: as shown.
        exercise: what was judged, with the tasks as the course lists them.
        path: of the answer, in what was handed in.
        result: what `judge_unit` has returned.
        points: what each task is worth.
    """
    if "failed" in result:
        state = RowState.NOT_JUDGED
        return without_verdict(learner, exercise, state, result["failed"], points)
    rows = []
    for task in exercise.tasks:
        on_seeds = [_row(learner, exercise, path, task, run) for run in result["runs"]]
        # A task is done where it is done on all of them.
        row = next((row for row in on_seeds if row.state != RowState.DONE), on_seeds[0])
        earned = points.possible(task) if row.state == RowState.DONE else 0.0
        seconds = sum(row.seconds for row in on_seeds)
        worth = {"points": earned, "possible": points.possible(task), "seconds": seconds}
        rows.append(made_visible(Row(**{**vars(row), **worth})))
    return rows


def _row(learner: str, exercise: Exercise, path: str, task: str, run: Mapping[str, Any]) -> Row:
    record = run["record"]
    found = next((t for t in record["tasks"] if t["task"] == task), None)
    if found is None or found["state"] == "not judged":
        lines = found["lines"] if found else []
        said = lines[0] if lines else "the run ended before every test had its verdict"
        return Row(learner, exercise.name, task, RowState.NOT_JUDGED, sentence=said)
    if run.get("tampered") and found["state"] == "done":
        said = run["tampered"]
        return Row(learner, exercise.name, task, RowState.TAMPERED, sentence=said)
    own = f"{exercise.name}/{exercise.topic}.py"
    state, lines = _state(exercise, task, found, run), list(found["lines"])
    if state == RowState.ERROR:
        first, *lines = str(record["detail"]).split("\n")
        found = found | {"place": first, "found_by": ""}
    mistake = next((line.partition(NAMED)[2] for line in lines if NAMED in line), "")
    return Row(
        learner,
        exercise.name,
        task,
        state,
        sentence=_sentence(state, exercise, task, lines),
        lines=lines[1:],
        place=str(found["place"]).replace(own, path),
        mistake=mistake.removesuffix("."),
        found_by=found["found_by"],
        printed=found["printed"][-_PRINTED:],
        seconds=found["seconds"],
        flags=[run["tampered"]] if run.get("tampered") else [],
    )


def _state(
    exercise: Exercise, task: str, found: Mapping[str, Any], run: Mapping[str, Any]
) -> RowState:
    if found["state"] in ("done", "to do"):
        return RowState(found["state"])
    if task in run["endings"]:
        return RowState(run["endings"][task])
    if run["record"]["outcome"] == "error":
        return RowState.ERROR
    is_missing = "".join(found["lines"][:1]).startswith(f"{exercise.topic}.py has no {task};")
    return RowState.MISSING if is_missing else RowState.WRONG


def _sentence(state: RowState, exercise: Exercise, task: str, lines: Sequence[str]) -> str:
    match state:
        case RowState.DONE:
            return ""
        case RowState.TO_DO:
            return "its body still raises NotImplementedError"
        case RowState.MISSING:
            return f"{exercise.topic}.py has no {task}"
        case _:
            return lines[0] if lines else ""


def is_open(rows: Iterable[Row]) -> bool:
    """Tell whether a person must say what some of these are worth: no program scores them 0."""
    return any(row.state in (RowState.TAMPERED, RowState.NOT_JUDGED) for row in rows)


def is_transient(rows: Sequence[Row]) -> bool:
    """Tell whether another judgement of the same answer may give other rows."""
    return any(row.state in TRANSIENT for row in rows)
