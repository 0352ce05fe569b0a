"""Read what a worker writes: believe signed messages, and keep all else as output."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

from gradkata.judging.protocol import PRINTED, SIGNATURE, Order, notice_of_cut, verify
from gradkata.results import State

MOST_UNREAD = 1 << 22  # bytes without an end of line: no message is as long


class Messages:
    """What a worker has sent so far, and what it tells of its tests."""

    def __init__(self, order: Order, secret: bytes) -> None:
        self.order = order
        self.secret = secret
        self.rest = b""
        self.expected = 0
        self.messages: list[dict[str, Any]] = []
        self.kinds: set[str] = set()
        self.printed: dict[str, str] = {}
        self.output = bytearray()
        self.cut = 0
        self.stack = bytearray()
        self.may_take = self.deadline = float("inf")

    def take(self, kind: str, data: bytes) -> None:
        """Read what came through one of the worker's pipes."""
        if kind == "stack":
            self.stack += data
        elif kind == "output":
            kept = max(0, self.order.limits.output - len(self.output))
            self.output += data[:kept]
            self.cut += max(0, len(data) - kept)
        else:
            *lines, self.rest = (self.rest + data).split(b"\n")
            self.rest = self.rest[:MOST_UNREAD]
            for line in lines:
                if line.startswith(PRINTED):
                    self._take_printed(line.removeprefix(PRINTED))
                else:
                    self._take_message(line)

    def _take_printed(self, body: bytes) -> None:
        """Take in what is not signed, as it decides nothing; a learner's code may write any."""
        with contextlib.suppress(
            ValueError, LookupError, TypeError, AttributeError, RecursionError
        ):
            message = json.loads(body)
            task, text = message["task"], message["text"].encode(errors="replace").decode()
            if task in ("", *self.order.tasks):
                # A worker cuts what is too long by itself, and says so.
                most = self.order.limits.output + len(notice_of_cut(self.order.limits.output))
                self.printed[task] = (self.printed.get(task, "") + text)[:most]

    def _take_message(self, line: bytes) -> None:
        """Believe a line that bears the next number and the signature; all else is noise."""
        mac, body = line[:SIGNATURE], line[SIGNATURE + 1 :]
        if not body or not verify(mac, body, self.secret):
            return
        message = json.loads(body)
        if message["number"] != self.expected:
            return
        self.expected += 1
        self.kinds.add(message["kind"])
        self.messages.append(message)
        if message["kind"] in ("begin", "start"):
            self.allow(message.get("may_take", self.order.limits.seconds))

    def allow(self, seconds: float) -> None:
        """Give it so many seconds from now on."""
        self.may_take, self.deadline = seconds, time.monotonic() + seconds

    def has_said(self, kind: str) -> bool:
        """Tell whether a message of this kind has come."""
        return kind in self.kinds

    @property
    def has_asked(self) -> bool:
        """Whether it asks for more, after all its tests."""
        return self.has_said("asks") and not self.tasks_left()

    @property
    def is_at_import(self) -> bool:
        """Whether the learner's file was being run when it sent its last message."""
        return self.has_said("start") and not self.has_said("executed")

    @property
    def has_run_a_task(self) -> bool:
        """Whether a task of the learner's has run."""
        return self.has_said("start") and not self.is_at_import

    @property
    def at_hand(self) -> str:
        """The task of the test that began last; empty if none has begun."""
        begun = self.of_kind("start")
        return dict(self.tests())[begun[-1]["test"]] if begun else ""

    @property
    def suspects(self) -> list[str]:
        """The finished tasks whose threads still ran when the last test began."""
        if not self.has_said("start"):
            return []
        left = self.tasks_left()
        return [task for task in self.of_kind("start")[-1]["beside"] if task not in left]

    def running(self) -> str:
        """Return the test that began last, if it has no verdict."""
        judged = {message["verdict"]["test"] for message in self.of_kind("verdict")}
        begun = [message["test"] for message in self.of_kind("start")]
        return next((test for test in reversed(begun) if test not in judged), "")

    def tests(self) -> list[tuple[str, str]]:
        """Return each test that it is to run, with its task."""
        return [
            (test, task) for message in self.of_kind("begin") for test, task in message["tests"]
        ]

    def judged(self) -> set[str]:
        """Return the tests that have a verdict."""
        return {message["verdict"]["test"] for message in self.of_kind("verdict")}

    def tasks_left(self) -> tuple[str, ...]:
        """Return the tasks of which some test has no verdict, but those that are wrong already."""
        verdicts = [message["verdict"] for message in self.of_kind("verdict")]
        wrong = {v["task"] for v in verdicts if v["state"] == State.WRONG}
        judged = self.judged()
        left = (task for test, task in self.tests() if test not in judged and task not in wrong)
        return tuple(dict.fromkeys(left))

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return the messages of one kind."""
        return [message for message in self.messages if message["kind"] == kind]

    def output_text(self) -> str:
        """Return the unsigned output, as text."""
        text = bytes(self.output).decode(errors="replace")
        return text + (notice_of_cut(self.order.limits.output) if self.cut else "")
