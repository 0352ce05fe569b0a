"""`kata check`: judge exercises once through the warm process, several side by side."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import track

from gradkata.course import Exercise, progress
from gradkata.course.laid_out import told_other_version
from gradkata.display import as_encoded, as_text, coloured, count, faults, row
from gradkata.judging.ending import ended_in_order
from gradkata.judging.runner import cores, drop_all, get_the_rest_ready, judge, workers_for
from gradkata.results import Outcome, Record, State


class Room(Protocol):
    """Where verdicts are reported to, if the learner has joined one."""

    def report(self, exercise: Exercise, record: Record) -> None:
        """Tell of a verdict; returns at once."""

    def close(self) -> None:
        """Keep what is not sent yet."""


def check(
    asked: Mapping[Exercise, Sequence[str]],
    answers: Path,
    *,
    device: str,
    as_json: bool,
    room: Room | None = None,
) -> bool:
    """Judge exercises, print what was found, and tell whether all that was asked is done.

    Args:
        asked: for each exercise, the tasks that were asked for.
        answers: the folder of answers, which mirrors `exercises/`.
        device: `cpu` or `cuda`.
        as_json: prints the records, as a list, and nothing else.
        room: is told of each verdict once it is printed.
    """
    for exercise in asked:
        _ = exercise.functions  # tests that cannot be parsed are said before a process starts
    before = {exercise: progress.fingerprint(exercise) for exercise in asked}
    with ended_in_order():
        records = list(_judged(list(asked), answers, device))
    for exercise, record in zip(asked, records, strict=True):
        if answers == exercise.root / "exercises":
            progress.remember(exercise, record, before[exercise])
    if as_json:
        print(json.dumps([record.as_dict() for record in records], indent=1))  # noqa: T201
    else:
        _show(list(zip(records, asked.values(), strict=True)), next(iter(asked)).root)
    if room is not None:
        for exercise, record in zip(asked, records, strict=True):
            room.report(exercise, record)
        sys.stdout.flush()
        room.close()
    return all(
        record.outcome == Outcome.OK and _all_done(record, tasks)
        for record, tasks in zip(records, asked.values(), strict=True)
    )


def _judged(exercises: Sequence[Exercise], answers: Path, device: str) -> Iterator[Record]:
    workers = workers_for(len(exercises))
    with ThreadPoolExecutor(max_workers=cores()) as side_by_side:
        # What several of them may need is imported once.
        ready = side_by_side.submit(get_the_rest_ready if len(exercises) > 1 else int)

        def judged(exercise: Exercise) -> Record:
            ready.result()
            return judge(exercise, answers, device=device, workers=workers)

        records: Iterable[Record] = side_by_side.map(judged, exercises)
        # On stderr, and nowhere if that is no terminal.
        bar = Console(stderr=True)
        if bar.is_terminal:
            total = len(exercises)
            records = track(records, "judging", total=total, console=bar, transient=True)
        try:
            yield from records
        except BaseException:
            # The threads wait for verdicts that nobody wants any more.
            side_by_side.shutdown(wait=False, cancel_futures=True)
            drop_all()
            raise


def _all_done(record: Record, tasks: Sequence[str]) -> bool:
    return all(task.state == State.DONE for task in record.tasks if task.task in tasks)


def _show(found: Sequence[tuple[Record, Sequence[str]]], root: Path) -> None:
    console = Console(highlight=False)
    every: list[State] = []
    for record, tasks in found:
        shown = [task for task in record.tasks if task.task in tasks]
        states = {task.task: task.state for task in shown}
        every += states.values()
        width = console.width if console.is_terminal else sys.maxsize
        tasks_row = row(states, title=record.exercise, width=width)
        console.print(coloured(as_encoded(tasks_row, console.encoding)), soft_wrap=True)
        for block in faults(record, shown):
            plain = as_text("\n" + as_encoded(block, console.encoding))
            console.print(plain, soft_wrap=True)
    console.print(f"\n{count(every)}")
    if words := told_other_version(root):
        console.print(as_text(words), soft_wrap=True)
