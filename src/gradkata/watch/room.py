"""What a watch tells the learner's room, if they have joined one."""

from __future__ import annotations

from typing import Protocol

from gradkata.course import Exercise
from gradkata.results import Record


class Room(Protocol):
    """Where verdicts are reported to; nothing of it takes time."""

    def report(self, exercise: Exercise, record: Record) -> None:
        """Tell of a verdict."""

    def ask_for_help(self) -> str:
        """Raise the learner's hand, or lower it, and return a sentence that says so."""

    def close(self) -> None:
        """Keep what is not sent yet."""


class NoRoom:
    """Stands for a room where none was joined."""

    def report(self, exercise: Exercise, record: Record) -> None:
        """Tell nobody."""

    def ask_for_help(self) -> str:
        """Say how one joins."""
        return "you are in no room: kata join ADDRESS enters one"

    def close(self) -> None:
        """Nothing is kept."""
