"""What is written into the room's database, and read from it: one function for each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter


@dataclass(frozen=True)
class Said:
    """What a learner has said of one task."""

    task: str
    state: str
    mistake: str = ""
    hints: int = 0


@dataclass(frozen=True)
class Report:
    """A verdict on an exercise.

    Args:
        learner: who reports.
        key: by which a report that comes twice is known.
        exercise: its name.
        at: when it was judged, by the room's clock.
        tasks: what was found.
    """

    learner: int
    key: str
    exercise: str
    at: float
    tasks: Sequence[Said]


def join(connection: sqlite3.Connection, name: str, digest: str, at: float) -> int:
    """Add a learner, and return their number."""
    insert = "INSERT INTO learners (name, secret, joined) VALUES (?, ?, ?) RETURNING id"
    return int(connection.execute(insert, (name, digest, at)).fetchone()[0])


def rename(connection: sqlite3.Connection, learner: int, name: str) -> None:
    """Call a learner by another name."""
    connection.execute("UPDATE learners SET name = ? WHERE id = ?", (name, learner))


def add(connection: sqlite3.Connection, report: Report, received: float) -> list[Said]:
    """Add a report, and return what it changes; nothing if it was there already."""
    insert = (
        "INSERT OR IGNORE INTO reports (learner, key, exercise, at, received) "
        "VALUES (?, ?, ?, ?, ?) RETURNING id"
    )
    row = (report.learner, report.key, report.exercise, report.at, received)
    added = connection.execute(insert, row).fetchone()
    if added is None:
        return []
    of = (report.learner, report.exercise)
    select = "SELECT task, state, mistake, hints FROM latest WHERE learner = ? AND exercise = ?"
    before = {row[0]: Said(*row) for row in connection.execute(select, of)}
    changed = [said for said in report.tasks if before.get(said.task) != said]
    rows = [(said.task, said.state, said.mistake, said.hints) for said in changed]
    connection.executemany(
        "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?)", [(added[0], *r) for r in rows]
    )
    connection.executemany(
        "INSERT OR REPLACE INTO latest VALUES (?, ?, ?, ?, ?, ?)", [(*of, *r) for r in rows]
    )
    return changed


def raise_hand(connection: sqlite3.Connection, learner: int, at: float, *, raised: bool) -> None:
    """Note that a learner wants help, or does no longer."""
    connection.execute("INSERT INTO hands VALUES (?, ?, ?)", (learner, at, raised))


def learners(connection: sqlite3.Connection) -> list[tuple[int, str, str, float]]:
    """Return the number, name, hashed secret and time of joining of each learner."""
    select = "SELECT id, name, secret, joined FROM learners ORDER BY id"
    return connection.execute(select).fetchall()


def reports(connection: sqlite3.Connection, learner: int | None = None) -> Iterator[Report]:
    """Yield the reports in the order in which they came, each with what it changed."""
    where = "" if learner is None else "WHERE learner = ?"
    select = (
        "SELECT id, learner, key, exercise, at, task, state, mistake, hints FROM reports "
        f"LEFT JOIN verdicts ON report = id {where} ORDER BY id"
    )
    rows = connection.execute(select, () if learner is None else (learner,))
    for _, same in groupby(rows, key=itemgetter(0)):
        of_one = list(same)
        tasks = [Said(*row[5:]) for row in of_one if row[5] is not None]
        _, number, key, exercise, at, *_ = of_one[0]
        yield Report(number, key, exercise, at, tasks)


def hands(connection: sqlite3.Connection) -> dict[int, float]:
    """Return who wants help now, and since when."""
    up: dict[int, float] = {}
    for learner, at, raised in connection.execute("SELECT * FROM hands ORDER BY rowid"):
        if raised:
            up.setdefault(learner, at)
        else:
            up.pop(learner, None)
    return up
