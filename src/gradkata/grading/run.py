"""A run: judge what was handed in, write each result as it comes, and go on after a kill."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gradkata.course import Exercise
from gradkata.display import visible
from gradkata.grading import integrity, material
from gradkata.grading.canaries import NONE, Canaries
from gradkata.grading.discovery import Learner
from gradkata.grading.rows import Points, Row, RowState, is_transient, rows_of, without_verdict
from gradkata.grading.units import judge_unit
from gradkata.results import SCHEMA

RESULTS = "results.jsonl"


@dataclass(frozen=True)
class Settings:
    """How a run judges.

    Args:
        root: the course.
        exercises: those that are graded, in their order.
        device: `cpu` or `cuda`.
        seeds: a task is done where it is done on each.
        limits: members of `Limits` that are not as usual.
        sandbox: whether each judging server is in one.
        points: what tasks are worth.
        canaries: by exercise.
        imports: the modules that an honest judgement imports, by exercise, where they are known.
        is_here: whether all is judged on this machine, where the course is.
        many: whether a server judges so many answers that it pays to get ready for more at once.
    """

    root: Path
    exercises: tuple[Exercise, ...]
    device: str = "cpu"
    seeds: tuple[int, ...] = (0,)
    limits: dict[str, Any] = field(default_factory=dict)
    sandbox: bool = True
    points: Points = field(default_factory=Points)
    canaries: Mapping[str, Canaries] = field(default_factory=dict)
    imports: Mapping[str, list[str]] = field(default_factory=dict)
    is_here: bool = True
    many: bool = False

    def unit(self, exercise: str, text: bytes) -> dict[str, Any]:
        """Return what `judge_unit` takes."""
        return {
            "exercise": exercise,
            "text": text.decode("latin-1"),
            "seeds": list(self.seeds),
            "device": self.device,
            "limits": dict(self.limits),
            "sandbox": self.sandbox,
            "root": str(self.root) if self.is_here else "",
            "canaries": self.canaries.get(exercise, NONE).as_dict(),
            "imports": self.imports.get(exercise),
            "many": self.many,
            "expects": {
                "tests": material.digest_of_tests(self.root, exercise),
                "harness": material.digest_of_harness(),
                "torch": material.version_of_torch(),
            },
        }

    def key(self, exercise: str, text: bytes) -> str:
        """Return a hash of all that a verdict depends on."""
        # Where the course lies decides no verdict, and neither does what is judged after it, or
        # what is got ready before.
        left_out = {"root": "", "canaries": 0, "imports": 0, "many": 0}
        unit = self.unit(exercise, text) | left_out
        return hashlib.sha256(json.dumps(unit, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Job:
    """One answer that is to be judged: whose, for what, and the hash of all that decides."""

    learner: str
    exercise: Exercise
    path: str
    text: bytes
    key: str
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[str, str]:
        """The learner and the exercise."""
        return self.learner, self.exercise.name


def jobs_of(learners: Sequence[Learner], settings: Settings) -> list[Job]:
    """Return all that is to be judged, exercise by exercise."""
    return [
        Job(
            learner.name,
            exercise,
            found.path,
            found.text,
            settings.key(exercise.name, found.text),
            (
                *found.notes,
                *learner.troubles,
                *(["late"] * learner.late),
                *integrity.flags_of(found.text, exercise.topic),
            ),
        )
        for exercise in settings.exercises
        for learner in learners
        if (found := learner.submissions.get(exercise.name)) is not None
    ]


def rows_without_judging(learners: Sequence[Learner], settings: Settings) -> list[Row]:
    """Return the rows of what was not handed in, or cannot be judged."""
    rows = []
    for learner in learners:
        for exercise in settings.exercises:
            if exercise.name in learner.submissions:
                continue
            state, sentence = RowState.MISSING, f"no {exercise.topic}.py was handed in"
            if exercise.name in learner.refused:
                state, sentence = RowState.NOT_JUDGED, learner.refused[exercise.name]
            elif learner.troubles:
                state, sentence = RowState.NOT_JUDGED, learner.troubles[0]
            rows += without_verdict(learner.name, exercise, state, sentence, settings.points)
    return rows


class Results:
    """The file of results: a line for each answer that was judged, written as it ends.

    Args:
        folder: where it is.
        settings: a run with others cannot go on from it.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.file = folder / RESULTS
        self.head = {
            "schema": SCHEMA,
            "exercises": [exercise.name for exercise in settings.exercises],
            "device": settings.device,
            "seeds": list(settings.seeds),
            "limits": dict(settings.limits),
            "sandbox": settings.sandbox,
        }

    @functools.cached_property
    def kept(self) -> dict[tuple[str, str, str], list[Row]]:
        """The rows that were there at the first look, by learner, exercise and key.

        Raises:
            OtherRun: if they are those of a run with other settings.
        """
        if not self.file.exists():
            return {}
        # What was being written when the run was killed has no end of line.
        lines = self.file.read_bytes().rpartition(b"\n")[0].split(b"\n")
        found: dict[tuple[str, str, str], list[Row]] = {}
        for number, line in enumerate(lines):
            try:
                read = json.loads(line)
                if number == 0:
                    self._demand_same(read)
                    continue
                rows = [Row.from_dict(values) for values in read["rows"]]
                found[read["learner"], read["exercise"], read["key"]] = rows
            except (ValueError, KeyError, TypeError):
                continue  # a block that the disk never had
        return found

    def _demand_same(self, head: dict[str, Any]) -> None:
        other = [name for name, value in self.head.items() if head.get(name) != value]
        if other:
            raise OtherRun(other[0], head.get(other[0]), self.head[other[0]])

    def begin(self, lines: Sequence[tuple[Job, list[Row]]]) -> None:
        """Write the file anew, with these results; it is whole at any moment."""
        draft = self.file.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(json.dumps(self.head).encode() + b"\n")
            for job, rows in lines:
                file.write(_line(job, rows))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.file)

    def add(self, job: Job, rows: list[Row]) -> None:
        """Write one result, and see that the disk has it."""
        try:
            with self.file.open("ab") as file:
                file.write(_line(job, rows))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:  # a full disk is told without its file
            error.filename = error.filename or str(self.file)
            raise


class OtherRun(Exception):
    """There are results of a run with other settings; its text is the whole message."""

    def __init__(self, name: str, was: Any, now: Any) -> None:
        super().__init__(f"it holds results of a run with other {name}: {was}, and now {now}")


def _line(job: Job, rows: Sequence[Row]) -> bytes:
    whose = {"learner": job.learner, "exercise": job.exercise.name, "path": job.path}
    rest = {"key": job.key, "notes": list(job.notes), "rows": [row.as_dict() for row in rows]}
    return json.dumps(whose | rest).encode() + b"\n"


def judge_all(
    jobs: Sequence[Job],
    settings: Settings,
    results: Results,
    executor: Executor,
    told: Callable[[Job], None],
) -> list[Row]:
    """Judge each answer, identical ones once, and return the rows of all.

    What a killed run has left is not judged again.

    Args:
        jobs: what is to be judged.
        settings: how.
        results: the file that each result goes to at once.
        executor: runs `judge_unit`.
        told: is called after each result.
    """
    kept = _done(results)
    done = [
        (job, _copied(job, kept[name], settings.points))
        for job in jobs
        if (name := (*job.name, job.key)) in kept
    ]
    results.begin(done)
    rows = {job.name: found for job, found in done}
    for job, _ in done:
        told(job)
    known = {job.key: found for job, found in done if not is_transient(found)}
    left = [job for job in jobs if job.name not in rows]
    for job, judged in _judged(left, settings, executor, known):
        results.add(job, judged)
        rows[job.name] = judged
        told(job)
    results.begin([(job, rows[job.name]) for job in jobs])
    return [
        replace(row, flags=[*row.flags, *map(visible, job.notes)])
        for job in jobs
        for row in rows[job.name]
    ]


def left_of(jobs: Sequence[Job], results: Results) -> list[Job]:
    """Return what is still to be judged."""
    kept = _done(results)
    return [job for job in jobs if (*job.name, job.key) not in kept]


def _done(results: Results) -> dict[tuple[str, str, str], list[Row]]:
    """Return what was kept, but that of which nothing was judged: it may go better now."""
    return {
        name: rows
        for name, rows in results.kept.items()
        if any(row.state != RowState.NOT_JUDGED for row in rows)
    }


def _judged(
    jobs: Sequence[Job], settings: Settings, executor: Executor, known: dict[str, list[Row]]
) -> Iterator[tuple[Job, list[Row]]]:
    waiting: dict[str, list[Job]] = {}
    for job in jobs:
        waiting.setdefault(job.key, []).append(job)
    running: dict[Future[dict[str, Any]], Job] = {}
    for key, alike in list(waiting.items()):
        if key in known:
            yield from ((job, _copied(job, known[key], settings.points)) for job in alike)
        else:
            _submit(alike.pop(0), settings, executor, running)
    try:
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                job = running.pop(future)
                rows = _rows(job, future.result(), settings)
                yield job, rows
                alike = waiting[job.key]
                if is_transient(rows) and alike:
                    _submit(alike.pop(0), settings, executor, running)
                else:
                    yield from ((other, _copied(other, rows, settings.points)) for other in alike)
                    alike.clear()
    finally:
        for future in running:
            future.cancel()


def _submit(
    job: Job, settings: Settings, executor: Executor, running: dict[Future[dict[str, Any]], Job]
) -> None:
    running[executor.submit(judge_unit, settings.unit(job.exercise.name, job.text))] = job


def _rows(job: Job, result: dict[str, Any], settings: Settings) -> list[Row]:
    return rows_of(job.learner, job.exercise, job.path, result, settings.points)


def _copied(job: Job, rows: Sequence[Row], points: Points) -> list[Row]:
    """Return the rows of an identical answer, rewritten for this learner and path."""
    return [
        replace(
            row,
            learner=visible(job.learner),
            place=_moved(row.place, visible(job.path)),
            possible=points.possible(row.task),
            points=points.possible(row.task) if row.state == RowState.DONE else 0.0,
        )
        for row in rows
    ]


def _moved(place: str, path: str) -> str:
    line = place.rpartition(":")[2]
    return f"{path}:{line}" if line.isdecimal() else path if place else ""
