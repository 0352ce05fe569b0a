"""Sends reports beside the learner's work; whatever the room does, nothing waits for it."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from gradkata.course import Exercise
from gradkata.results import Record
from gradkata.room import member, reports
from gradkata.room.calls import NoRoom, Said, call
from gradkata.room.outbox import Outbox

# Seconds until a room that has not answered is asked again, at first and at most.
_SOON, _LATEST = 1.0, 15.0
# Seconds that a command waits at its end for a room that has answered before.
_AT_THE_END = 0.15
# That the room has not stored a report, and never will.
_NEVER = (400, 413, 422)

_Found = tuple[Exercise, Record, float]


class Sender:
    """Tells a room of verdicts and of a raised hand, from a thread of its own.

    Args:
        root: of the course.
        joined: who reports.
    """

    def __init__(self, root: Path, joined: member.Member) -> None:
        self.root = root
        self.joined = joined
        self.outbox = Outbox(member.folder(root) / "outbox")
        self.found: deque[_Found] = deque()
        self.keeping = threading.Lock()
        self.wake = threading.Event()
        self.idle = threading.Event()
        self.idle.set()
        self.is_there = False
        self.hand = False
        self.hand_is_told = True
        self.delay = 0.0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def report(self, exercise: Exercise, record: Record) -> None:
        """Tell of a verdict; returns at once."""
        self.found.append((exercise, record, reports.now()))
        self._begin()

    def ask_for_help(self) -> str:
        """Raise the learner's hand, or lower it, and return a sentence that says so."""
        self.hand, self.hand_is_told = not self.hand, False
        self._begin()
        if not self.hand:
            return "your hand is down"
        return "your hand is up: the room's page shows that you want help; w lowers it"

    def _begin(self) -> None:
        self.idle.clear()
        self.wake.set()

    def close(self) -> None:
        """Let what is under way end if the room is there; what is not sent is kept."""
        if self.is_there:
            self.idle.wait(_AT_THE_END)
        self._keep_all()

    def _run(self) -> None:
        # What is wrong here is no reason to disturb a learner.
        with contextlib.suppress(Exception):
            call(self.joined.address, "/api/hello")
            self.is_there = True
        due = 0.0
        while True:
            left = due - time.monotonic()
            self.wake.wait(max(0.0, left) if self.delay else None)
            self.wake.clear()
            self._keep_all()
            if time.monotonic() < due:
                continue
            is_sent = False
            with contextlib.suppress(Exception):
                is_sent = self._send_all()
            self.delay = 0.0 if is_sent else min(_LATEST, max(_SOON, 2 * self.delay))
            # Five hundred machines do not come back in one moment.
            due = time.monotonic() + self.delay * random.uniform(0.7, 1.3)
            if is_sent and not self.wake.is_set():
                self.idle.set()

    def _keep_all(self) -> None:
        """Write what was found to where it is kept until it is sent."""
        with self.keeping:
            if not self._is_in():
                self.found.clear()
            while self.found:
                with contextlib.suppress(Exception):
                    report = reports.report_of(*self.found[0])
                    if report is not None:
                        self.outbox.add(report)
                self.found.popleft()

    def _is_in(self) -> bool:
        """Tell whether the learner is still in the room: they may have left it elsewhere."""
        return member.read(self.root) == self.joined

    def _send_all(self) -> bool:
        """Send what is kept, the oldest first; tell whether nothing is left."""
        if not self._is_in():
            return True
        if not self.hand_is_told and not self._send_hand():
            return False
        for file, report in self.outbox:
            said = self._call("/api/report", report | {"now": reports.now()})
            if said is None:
                return False
            if said.status == 200 or said.status in _NEVER:
                self.outbox.drop(file)
                self._see_hand(said.content.get("hand"))
            else:
                return False
        return True

    def _see_hand(self, shown: Any) -> None:
        """Take over whether the room shows the hand: whoever teaches may have lowered it."""
        if isinstance(shown, bool) and self.hand_is_told:
            self.hand = shown

    def _send_hand(self) -> bool:
        wanted = self.hand
        said = self._call("/api/hand", {"raised": wanted})
        if said is None or said.status not in (200, *_NEVER):
            return False
        self.hand_is_told = wanted == self.hand
        return self.hand_is_told

    def _call(self, path: str, content: dict[str, Any]) -> Said | None:
        try:
            said = call(self.joined.address, path, content, secret=self.joined.secret)
        except NoRoom:
            self.is_there = False
            return None
        self.is_there = True
        self.delay = max(self.delay, said.retry_after)
        return said
