"""The room's record: a SQLite database, in which all is committed before it is acknowledged."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from gradkata.room.codes import new_code

VERSION = 1
# "kata", so that the database of another program is told from a room's.
_APPLICATION = 0x6B617461
_MOST_AT_ONCE = 256
_TABLES = """
CREATE TABLE room (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE learners (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, secret TEXT NOT NULL UNIQUE, joined REAL NOT NULL
);
CREATE TABLE reports (
    id INTEGER PRIMARY KEY, learner INTEGER NOT NULL REFERENCES learners, key TEXT NOT NULL,
    exercise TEXT NOT NULL, at REAL NOT NULL, received REAL NOT NULL, UNIQUE (learner, key)
);
CREATE TABLE verdicts (
    report INTEGER NOT NULL REFERENCES reports, task TEXT NOT NULL, state TEXT NOT NULL,
    mistake TEXT NOT NULL, hints INTEGER NOT NULL, PRIMARY KEY (report, task)
) WITHOUT ROWID;
CREATE TABLE latest (
    learner INTEGER NOT NULL REFERENCES learners, exercise TEXT NOT NULL, task TEXT NOT NULL,
    state TEXT NOT NULL, mistake TEXT NOT NULL, hints INTEGER NOT NULL,
    PRIMARY KEY (learner, exercise, task)
) WITHOUT ROWID;
CREATE TABLE hands (learner INTEGER NOT NULL REFERENCES learners, at REAL, raised INTEGER NOT NULL);
"""

T = TypeVar("T")
_Job = tuple[Callable[[sqlite3.Connection], Any], "Future[Any]"]


class CannotOpen(Exception):
    """The database cannot be used; the text says why, and what to do."""


class CannotStore(Exception):
    """The database took nothing; the text says why."""


class Store:
    """The database of a room, with one thread that writes.

    What many ask for in one moment is committed together.

    Args:
        file: where it lies; it is made if it is not there.
        name: of the room, where it is made or named anew.
    """

    def __init__(self, file: Path, name: str = "") -> None:
        self.file = file
        self.problem = ""
        self.connection = _open(file, name)
        self.settings = dict(self.connection.execute("SELECT key, value FROM room").fetchall())
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="room writer", daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Let a job write, and return what it returns once that is committed.

        Raises:
            CannotStore: if nothing was written.
        """
        done: Future[T] = Future()
        self._jobs.put((job, done))
        return await asyncio.wrap_future(done)

    def close(self) -> None:
        """Write what was asked for, and close."""
        self._jobs.put(None)
        self._thread.join()
        self.connection.close()

    def _serve(self) -> None:
        ended = False
        while not ended:
            jobs = [self._jobs.get()]
            while len(jobs) < _MOST_AT_ONCE and not self._jobs.empty():
                jobs.append(self._jobs.get())
            ended = None in jobs
            self._commit([job for job in jobs if job is not None])

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with transaction(self.connection):
                results = [job(self.connection) for job, _ in jobs]
        except Exception as error:
            self.problem = f"nothing is stored: {error}"
            for _, done in jobs:
                done.set_exception(CannotStore(self.problem))
            return
        self.problem = ""
        for (_, done), result in zip(jobs, results, strict=True):
            done.set_result(result)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit at the end all that is written meanwhile, or else nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _open(file: Path, name: str) -> sqlite3.Connection:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            file, timeout=2.0, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise CannotOpen(f"{file} cannot be opened: {_reason(error)}") from None
    try:
        _prepare(connection, file, name)
    except sqlite3.Error as error:
        connection.close()
        raise CannotOpen(f"{file} cannot be written: {_reason(error)}; --to DIR") from None
    except CannotOpen:
        connection.close()
        raise
    return connection


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _prepare(connection: sqlite3.Connection, file: Path, name: str) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    is_new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    elsewhere = "move it away, or name another folder by --to DIR"
    if not is_new and application != _APPLICATION:
        raise CannotOpen(f"{file} is no room's database: {elsewhere}")
    if not is_new and version != VERSION:
        raise CannotOpen(f"{file} is of version {version}, this is {VERSION}: {elsewhere}")
    connection.execute("PRAGMA journal_mode = WAL")
    # Commits reach the disk itself: a machine that loses power keeps what was acknowledged.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    with transaction(connection):
        if is_new:
            for statement in filter(str.strip, _TABLES.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        settings = {"code": new_code(4), "teacher": new_code(12), "name": name or "gradkata"}
        insert = "INSERT OR IGNORE INTO room VALUES (?, ?)"
        connection.executemany(insert, settings.items())
        if name:
            connection.execute("UPDATE room SET value = ? WHERE key = 'name'", (name,))


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads, beside the one that writes.

    Raises:
        CannotOpen: if there is no database of this version.
    """
    try:
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.Error as error:
        raise CannotOpen(f"{file} cannot be read: {error}") from None
    try:
        if (application, version) != (_APPLICATION, VERSION):
            raise CannotOpen(f"{file} is no room's database, or one of another version")
        yield connection
    finally:
        connection.close()
