"""`kata grade`: show who handed in what, judge it, and write down what came of it."""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from gradkata.course import Exercise, did_you_mean
from gradkata.display import display_path, visible
from gradkata.grading import cluster, material, outputs, sandbox, servers
from gradkata.grading.canaries import NONE
from gradkata.grading.discovery import Learner, NothingFound, Unreadable, find
from gradkata.grading.report import page
from gradkata.grading.rows import Points, Row, RowState, is_open
from gradkata.grading.run import (
    RESULTS,
    Job,
    OtherRun,
    Results,
    Settings,
    jobs_of,
    judge_all,
    left_of,
    rows_without_judging,
)
from gradkata.grading.shown import bar, say, show_found, summarise, told_time
from gradkata.grading.similar import find_alike
from gradkata.grading.trial import after_trial, estimate
from gradkata.grading.worksheet import CannotFill, fill
from gradkata.judging.ending import ended_in_order
from gradkata.judging.runner import cores

NOT_HELD = (
    "without a sandbox: answers run with all your rights, and may read, change and send what you "
    "may; only time, memory and the number of processes are bounded"
)
WITHOUT_CANARIES = (
    "{}: no known wrong answer is judged as it should be here to {}: whoever replaces what judges "
    "these tasks is not noticed by that"
)
REPORT = "report.html"
# Bytes for torch and the tests. A process that reaches its own limit gets a MemoryError and goes
# on, before its whole family is stopped.
_OWN_MEMORY = 2**29
_MANY = 16  # answers for each server
_WIDE = 1000  # columns of a pipe, where a row is a line


class CannotGrade(Exception):
    """Nothing can be graded; its text is the whole message."""


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    root: Path
    submissions: Path
    exercises: tuple[Exercise, ...]
    to: Path
    dry_run: bool = False
    learner: str = ""
    jobs: int = 0
    device: str = "cpu"
    seeds: tuple[int, ...] = (0,)
    sandbox: bool = True
    resume: bool | None = None
    points: Path | None = None
    limit_seconds: float = 20.0
    limit_memory: float = 4.0  # GiB
    worksheet: Path | None = None
    column: str = ""
    answers_only: bool = False
    scheduler: str = ""


def grade(asked: Asked) -> bool:
    """Grade what was asked for, and tell whether each task has a verdict.

    Raises:
        CannotGrade: if nothing can be judged.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    _demand_what_is_needed(asked)
    settings = _settings(asked)
    try:
        pattern = re.compile(asked.learner) if asked.learner else None
        learners = find(asked.submissions, asked.exercises, learner=pattern)
    except re.error as error:
        raise CannotGrade(f"--learner {asked.learner}: {error}") from None
    except (Unreadable, NothingFound) as reason:
        raise CannotGrade(str(reason)) from None
    if asked.answers_only:
        return _tell_alone(console, asked, settings, learners)
    with ended_in_order():
        try:
            show_found(console, learners, asked.exercises)
            jobs = jobs_of(learners, settings)
            distinct = len({job.key for job in jobs})
            say(console, f"\n{len(jobs)} answers to judge, {distinct} of them distinct")
            if asked.dry_run:
                seconds = estimate(jobs, settings, asked.jobs or cores())
                say(console, f"about {told_time(seconds)} on this machine, if all were like ours")
                return True
            rows = _judge(console, asked, settings, learners, jobs)
        finally:
            servers.close_all()
    _write(console, asked, learners, rows)
    written = [asked.to / name for name in (REPORT, "grades.csv", RESULTS)]
    summarise(console, rows, written)
    return not any(row.state == RowState.NOT_JUDGED for row in rows)


def _demand_what_is_needed(asked: Asked) -> None:
    """Refuse at once what would be found out after hours."""
    if asked.answers_only and not (
        asked.submissions.is_file() and asked.submissions.suffix == ".py"
    ):
        example = f"{asked.exercises[0].topic}.py"
        raise CannotGrade(f"--answers-only takes one file, such as {example}")
    if asked.worksheet is not None and not asked.worksheet.is_file():
        raise CannotGrade(f"cannot fill in {display_path(asked.worksheet)}: no such file")


def _tell_alone(
    console: Console, asked: Asked, settings: Settings, learners: Sequence[Learner]
) -> bool:
    """Judge one file, say what came of each task, and write nothing."""
    own = tuple(e for e in asked.exercises if e.name in learners[0].submissions)
    settings = replace(settings, exercises=own)
    with tempfile.TemporaryDirectory() as folder, ended_in_order():
        alone = replace(asked, exercises=own, to=Path(folder))
        try:
            rows = _judge(console, alone, settings, learners, jobs_of(learners, settings))
        finally:
            servers.close_all()
    for row in rows:
        say(console, f"{row.state:<{max(map(len, RowState))}}  {row.task}  {row.sentence}".rstrip())
        for line in [*row.lines, *row.flags, row.place]:
            if line:
                say(console, f"    {line}")
    return not any(row.state == RowState.NOT_JUDGED for row in rows)


def _write(
    console: Console, asked: Asked, learners: Sequence[Learner], rows: Sequence[Row]
) -> None:
    outputs.write_all(asked.to, rows, asked.exercises)
    alike = []
    for exercise in asked.exercises:
        answers = [
            (of.name, of.submissions[exercise.name])
            for of in learners
            if exercise.name in of.submissions
        ]
        alike += find_alike(exercise, [(name, answer.text) for name, answer in answers])
    title = f"gradkata: {asked.submissions.resolve().name}"
    text = page(rows, alike, title=visible(title), sandbox=asked.sandbox)
    outputs.write_whole(asked.to / REPORT, text)
    if asked.worksheet is not None:
        _fill(console, asked, learners, rows)


def _fill(console: Console, asked: Asked, learners: Sequence[Learner], rows: Sequence[Row]) -> None:
    assert asked.worksheet is not None
    by_learner = outputs.by_learner(rows)
    points = {
        name: sum(row.points for row in own) for name, own in by_learner.items() if not is_open(own)
    }
    try:
        text = asked.worksheet.read_bytes().decode("utf-8")
        filled = fill(text, learners, points, column=asked.column)
    except (OSError, ValueError, CannotFill) as reason:
        raise CannotGrade(f"cannot fill in {display_path(asked.worksheet)}: {reason}") from None
    target = asked.to / asked.worksheet.name
    if target.resolve() == asked.worksheet.resolve():
        target = asked.to / f"filled-{asked.worksheet.name}"
    outputs.write_whole(target, filled.text)
    say(console, f"{display_path(target)}: {filled.count} of {len(learners)} learners found")
    if left := [name for name, own in by_learner.items() if is_open(own)]:
        say(console, f"left as it was, for you to say: {', '.join(left[:10])}")
    if filled.not_found:
        shown = ", ".join(filled.not_found[:10])
        say(console, f"not found in it: {shown}{' …' if len(filled.not_found) > 10 else ''}")


def _settings(asked: Asked) -> Settings:
    is_here = not asked.scheduler and not asked.dry_run
    if asked.sandbox and is_here and (why := sandbox.why_not()):
        raise CannotGrade(
            f"no sandbox: {why}; install bubblewrap on a Linux that allows user namespaces, or "
            "pass --no-sandbox on a machine where there is nothing to lose"
        )
    servers.begin()
    memory = int(asked.limit_memory * 2**30)
    return Settings(
        asked.root,
        asked.exercises,
        asked.device,
        asked.seeds,
        {"seconds": asked.limit_seconds, "memory": memory, "family": memory + _OWN_MEMORY},
        asked.sandbox,
        _points(asked),
        is_here=not asked.scheduler,
    )


def _points(asked: Asked) -> Points:
    file = asked.points or asked.root / "points.toml"
    if asked.points is None and not file.is_file():
        return Points()
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CannotGrade(f"cannot use {display_path(file)}: {error}") from None
    tasks = [task for exercise in asked.exercises for task in exercise.tasks]
    for task, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            raise CannotGrade(f"{display_path(file)}: {task} is to be a number from 0")
    if not set(values) & set(tasks) and values:
        near = did_you_mean(next(iter(values)), tasks)
        raise CannotGrade(f"{display_path(file)} names no task that is graded{near}")
    return Points(values)


def _judge(
    console: Console,
    asked: Asked,
    settings: Settings,
    learners: Sequence[Learner],
    jobs: Sequence[Job],
) -> list[Row]:
    if not asked.sandbox:
        say(console, NOT_HELD)
    for name in material.changed_since(asked.root):
        say(console, f"{name}/tests: not as committed; answers are judged by what is committed")
    asked.to.mkdir(parents=True, exist_ok=True)
    results = Results(asked.to, settings)
    if asked.resume is False:
        results.file.unlink(missing_ok=True)
    with bar(len(jobs)) as shown, _executor(console, asked) as executor:
        task = shown.add_task("judging", total=len(jobs), rate="")
        started, ended = time.monotonic(), 0

        def told(_: Job) -> None:
            nonlocal ended
            ended += 1
            rate = ended / max(0.001, time.monotonic() - started)
            shown.update(task, advance=1, rate=f"{rate:.1f}/s")

        try:
            left = left_of(jobs, results)
            exercises = list(dict.fromkeys(job.exercise for job in left))
            at_a_time, distinct = asked.jobs or cores(), len({job.key for job in left})
            settings = replace(settings, many=distinct >= _MANY * at_a_time)
            here = 0 if asked.scheduler else min(at_a_time, distinct)
            settings = after_trial(settings, exercises, executor, here)
            for exercise in exercises:
                if lacking := settings.canaries.get(exercise.name, NONE).lacking(exercise):
                    say(console, WITHOUT_CANARIES.format(exercise.name, ", ".join(lacking)))
            judged = judge_all(jobs, settings, results, executor, told)
        except OtherRun as other:
            raise CannotGrade(
                f"{display_path(asked.to)}: {other}; --no-resume begins anew, --to names another "
                "folder"
            ) from None
        except BaseException:
            # The threads wait for verdicts that nobody wants any more.
            executor.shutdown(wait=False, cancel_futures=True)
            servers.close_all()
            raise
    rows = [*judged, *rows_without_judging(learners, settings)]
    return _in_order(rows, learners, asked.exercises)


@contextlib.contextmanager
def _executor(console: Console, asked: Asked) -> Iterator[Executor]:
    """Give what judges: threads, each with a judging server here, or a cluster."""
    if not asked.scheduler:
        with ThreadPoolExecutor(max_workers=asked.jobs or cores()) as threads:
            yield threads
        return
    try:
        with cluster.executor_on(asked.scheduler, lambda line: say(console, line)) as units:
            yield units
    except cluster.CannotReach as reason:
        raise CannotGrade(str(reason)) from None


def _in_order(
    rows: Sequence[Row], learners: Sequence[Learner], exercises: Sequence[Exercise]
) -> list[Row]:
    """Return one row for each learner, exercise and task, in that order.

    Raises:
        KeyError: if one is lacking, which would be our fault.
    """
    found = {(row.learner, row.exercise, row.task): row for row in rows}
    return [
        found[learner.name, exercise.name, task]
        for learner in learners
        for exercise in exercises
        for task in exercise.tasks
    ]
