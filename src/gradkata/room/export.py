"""What a room's record holds, as a file for after the workshop: a table, JSON, or a chart."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from gradkata.room import jobs
from gradkata.room.standing import Standing, Tasks
from gradkata.room.store import CannotOpen, reading

SCHEMA = 1
KINDS = (".csv", ".json", ".svg")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CannotExport(Exception):
    """There is nothing to export, or no way to; the text says why."""


@dataclass(frozen=True)
class Change:
    """That something has changed for a learner's task.

    Args:
        at: when, as ISO 8601 in UTC.
        learner: as the page shows them.
        exercise: its name.
        task: its name.
        state: from then on.
        mistake: the course's sentence for it; empty if none was named.
        hints: how many had been asked for.
    """

    at: str
    learner: str
    exercise: str
    task: str
    state: str
    mistake: str
    hints: int


def export(database: Path, target: Path, tasks: Tasks) -> None:
    """Write a room's record into a file; its ending says how.

    Args:
        database: the room's.
        target: ends in one of `KINDS`.
        tasks: of the course, by exercise.

    Raises:
        CannotExport: if there is no record, or it is empty.
    """
    try:
        with reading(database) as connection:
            name = connection.execute("SELECT value FROM room WHERE key = 'name'").fetchone()[0]
            learners = jobs.learners(connection)
            reports = list(jobs.reports(connection))
    except CannotOpen as reason:
        raise CannotExport(str(reason)) from None
    if not reports:
        raise CannotExport(f"{database} holds no report yet")
    if not any(said.task in tasks.get(r.exercise, ()) for r in reports for said in r.tasks):
        raise CannotExport(f"{database} holds no report on a task of this course")
    if target.suffix == ".svg":
        from gradkata.room.chart import chart

        text = chart(name, reports, tasks)
    else:
        standing = Standing(tasks)
        shown = {number: standing.join(number, n, at).shown for number, n, _, at in learners}
        changes = [
            Change(_time(report.at), shown[report.learner], report.exercise, **vars(said))
            for report in reports
            for said in report.tasks
        ]
        text = as_csv(changes) if target.suffix == ".csv" else as_json(name, changes)
    _write(target, text)


def as_csv(changes: Sequence[Change]) -> str:
    """Return a line for each change; no spreadsheet takes any of it for a formula."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(Change.__dataclass_fields__)
    for change in changes:
        writer.writerow([_cell(str(value)) for value in asdict(change).values()])
    return "\ufeff" + table.getvalue()  # so that a spreadsheet knows the encoding


def as_json(name: str, changes: Sequence[Change]) -> str:
    """Return the changes as JSON."""
    content = {"schema": SCHEMA, "room": name, "changes": [asdict(one) for one in changes]}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _write(target: Path, text: str) -> None:
    draft = target.with_name(f".{target.name}.draft")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
