"""What may happen while an exercise is watched."""

from __future__ import annotations

from dataclasses import dataclass

from gradkata.results import Record, TaskRecord


@dataclass(frozen=True)
class Event:
    """Something that has happened.

    It is `key`, `saved`, `look`, `first judged`, `judged`, `drawn over` or `ended`.
    """

    kind: str
    what: object = None


@dataclass(frozen=True)
class Judged:
    """The record that a request led to."""

    number: int
    record: Record


@dataclass(frozen=True)
class FirstJudged:
    """The tasks of a request that came first, while the others are still being judged."""

    number: int
    tasks: list[TaskRecord]
