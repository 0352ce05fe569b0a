"""`kata check`: judge exercises once through the warm process, several side by side."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.text import Text

from gradkata import memory
from gradkata.course import Exercise
from gradkata.runner import NOT_JUDGED, Record, TaskRecord, cores, drop_all, judge
from gradkata.verdicts import DONE, SIGNS, TO_DO, WRONG

_PRINTED = 5  # lines of what a wrong task printed
_STYLES = {DONE: "green", TO_DO: "yellow", WRONG: "red", NOT_JUDGED: "dim"}


def check(
    asked: Mapping[Exercise, Sequence[str]], answers: Path, *, device: str, as_json: bool
) -> bool:
    """Judge exercises, print what was found, and tell whether all that was asked is done.

    Args:
        asked: for each exercise, the tasks that were asked for.
        answers: the folder of answers, which mirrors `exercises/`.
        device: `cpu`, `cuda` or `mps`.
        as_json: prints the records, as a list, and nothing else.
    """
    before = {exercise: memory.fingerprint(exercise) for exercise in asked}
    records = list(_judged(list(asked), answers, device))
    for exercise, record in zip(asked, records, strict=True):
        if answers == exercise.root / "exercises":
            remember(exercise, record, before[exercise])
    if as_json:
        print(json.dumps([record.as_dict() for record in records], indent=1))  # noqa: T201
    else:
        _show(list(zip(records, asked.values(), strict=True)))
    return all(
        record.outcome == "ok" and _all_done(record, tasks)
        for record, tasks in zip(records, asked.values(), strict=True)
    )


def _judged(exercises: Sequence[Exercise], answers: Path, device: str) -> Iterator[Record]:
    workers = max(1, cores() // len(exercises))
    with ThreadPoolExecutor(max_workers=cores()) as side_by_side:
        records = side_by_side.map(
            lambda e: judge(e, answers, device=device, workers=workers), exercises
        )
        # On stderr, and nowhere if that is no terminal.
        bar = Console(stderr=True)
        try:
            yield from track(
                records,
                "judging",
                total=len(exercises),
                console=bar,
                transient=True,
                disable=not bar.is_terminal,
            )
        except BaseException:
            # The threads wait for verdicts that nobody wants any more.
            side_by_side.shutdown(wait=False, cancel_futures=True)
            drop_all()
            raise


def _all_done(record: Record, tasks: Sequence[str]) -> bool:
    return all(task.state == DONE for task in record.tasks if task.task in tasks)


def remember(exercise: Exercise, record: Record, before: str) -> None:
    """Keep the states for `kata`, unless a file was saved meanwhile."""
    known = {task.task: task.state for task in record.tasks if task.state != NOT_JUDGED}
    if known and memory.fingerprint(exercise) == before:
        memory.remember_states(exercise, known)


def _show(found: Sequence[tuple[Record, Sequence[str]]]) -> None:
    console = Console(highlight=False)
    for record, tasks in found:
        shown = [task for task in record.tasks if task.task in tasks]
        states = {task.task: task.state for task in shown}
        width = console.width if console.is_terminal else sys.maxsize
        console.print(row(states, title=record.exercise, width=width), soft_wrap=True)
        for block in faults(record, shown):
            console.print(Text("\n" + block), soft_wrap=True)
    every = [task.state for record, tasks in found for task in record.tasks if task.task in tasks]
    tasks_done = (
        f"{every.count(DONE)} of {len(every)} {'task' if len(every) == 1 else 'tasks'} done"
    )
    console.print(f"\n{tasks_done}")


def row(states: Mapping[str, str], *, title: str = "", width: int = sys.maxsize) -> Text:
    """Return the tasks after a title, each with its coloured sign, in lines of at most `width`."""
    joint = "\N{NO-BREAK SPACE}"  # so that no line ends between a sign and its task
    signs = "  ".join(f"{sign(state)}{joint}{task}" for task, state in states.items())
    lines = textwrap.wrap(
        f"{title}  {signs}" if title else signs,
        width,
        subsequent_indent=" " * (len(title) + 2) if title else "",
        break_on_hyphens=False,
    )
    line = Text("\n".join(lines).replace(joint, " "))
    for state, style in _STYLES.items():
        line.highlight_words([sign(state)], style)
    return line


def sign(state: str) -> str:
    """Return the sign of a state; one that is not known has a question mark."""
    return SIGNS.get(state, "?")


def faults(record: Record, tasks: Sequence[TaskRecord]) -> Iterator[str]:
    """Yield a block of lines for how the judgement ended, if not well, and each wrong task."""
    if record.outcome != "ok":
        yield f"{SIGNS[WRONG]} {record.exercise}   {record.outcome}: {record.detail}"
    if record.outcome == "error":
        return
    for task in tasks:
        if task.state == WRONG:
            lines = [*task.lines, *_last_printed(task.printed)]
            yield "\n    ".join([f"{SIGNS[WRONG]} {task.task}   {task.place}", *lines])


def _last_printed(lines: Sequence[str]) -> list[str]:
    return ["printed:", *(f"  {line}" for line in lines[-_PRINTED:])] if lines else []
