"""What a worker has sent so far, and what follows for its tasks when it has ended."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from gradkata.course import Exercise
from gradkata.judging import processes
from gradkata.judging.messages import Messages
from gradkata.judging.protocol import CUT_OFF, Control, Order

# Before its tests begin a worker runs no learner's code; on a busy machine that takes a while.
STARTUP = 120.0
CLOSED = "it closed files that are not its own"


class Worker(Protocol):
    """A worker, forked or fresh."""

    transcript: Transcript


def send_report(control: Control, workers: Sequence[Worker], *, early: bool) -> None:
    """Send what the workers have said so far; the requester may be gone."""
    parts = [worker.transcript.report() for worker in workers]
    with contextlib.suppress(OSError):
        control.send_bytes(json.dumps({"early": early, "parts": parts}).encode())


def without_workers(outcome: str, detail: str) -> dict[str, Any]:
    """Return what is reported where no worker has said anything."""
    return {
        "outcome": outcome,
        "detail": detail,
        "place": "",
        "tasks": [],
        "doubted": "",
        "at_import": False,
        "verdicts": [],
        "printed": [],
        "output": "",
    }


class Transcript(Messages):
    """What a worker has sent, how it ended if something is missing, and when it is late."""

    def __init__(self, order: Order, secret: bytes) -> None:
        super().__init__(order, secret)
        self.ending = ("", "")
        self.became = ""
        self.oom_kills = processes.oom_kills()

    def expect_to_begin(self) -> None:
        """Allow the time that a busy machine needs to get ready."""
        self.allow(STARTUP)

    @property
    def is_over(self) -> bool:
        """Whether it has sent all, or ended before that."""
        return self.has_said("end") or bool(self.ending[0])

    @property
    def is_late(self) -> bool:
        """Whether the present test is over its time limit."""
        return time.monotonic() > self.deadline

    def is_through(self, first: Sequence[str]) -> bool:
        """Tell whether those tasks that it has of these are through."""
        has_none = not set(first) & set(self.order.tasks)
        return has_none or self.has_said("first") or self.is_over

    def end_late(self) -> None:
        """Note that it was stopped because it took too long."""
        self.ending = ("timeout", f"it does not end: stopped after {self.may_take:g} s")

    def end_by(self, how: int | str) -> None:
        """Note that its process has ended, with this exit code or by what has this name."""
        if how == "SIGKILL" and processes.oom_kills() > self.oom_kills:
            self.ending = ("out of memory", "the system killed it for want of memory")
        elif isinstance(how, int):
            self.end_crashed(f"the process ended with code {how}")
        else:
            self.end_crashed(f"the process ended by {how}")

    def end_crashed(self, fact: str) -> None:
        """Note how its process has ended; what it said last may still be on its way."""
        self.ending = ("ended", fact)

    def _told_ending(self) -> tuple[str, str]:
        """Return the outcome and a sentence; pytest itself says why it did not begin."""
        outcome, fact = self.ending
        if outcome != "ended":
            return self.ending
        if self.has_said("begin"):
            return "crashed", f"{self._fact()} {self._when()}"
        said = self.printed.get("", "").strip()
        return "error", said.removeprefix("ERROR: ") or f"{fact} before its tests began"

    def _fact(self) -> str:
        """Return how it ended: by its own message if it fits, or else by what the system says."""
        fact = self.ending[1]
        last = self.messages[-1]
        if last["kind"] == "ends itself" and last["by"] in ("", fact.split()[-1]):
            return str(last["how"])
        if fact.endswith(f" {CUT_OFF}"):
            return CLOSED
        if self.became:
            return f"it replaced itself by another program, {self.became},"
        return fact

    def _when(self) -> str:
        if self.is_at_import:
            return "at import"
        when = "in the middle of a test" if self.running() else "between two tests"
        if not self._suspects:
            return when
        return f"{when} of {self.at_hand}, while a thread that {self._suspects[0]} had left went on"

    @property
    def _suspects(self) -> list[str]:
        """The tasks that had left a thread which may have ended the process."""
        return self.suspects if self.ending[0] == "ended" else []

    @property
    def _is_in_doubt(self) -> bool:
        """Whether the task at hand is to be judged without the threads of others."""
        return bool(self._suspects and self.running())

    def unjudged(self) -> Order | None:
        """Return what a new worker is to judge in its place, if anything is left.

        That is all that has no verdict, but the task that ended this one. A file that ends its
        process at import would do so again.
        """
        if self.has_said("end") or self.is_at_import:
            return None
        if not self.has_said("begin"):
            # pytest says why it does not begin, and would do so again.
            was_killed = self.ending[1].startswith("the process ended by ")
            return self.order if was_killed else None
        guilty = "" if self._is_in_doubt else self.at_hand
        tasks = tuple(task for task in self.tasks_left() if task != guilty)
        judged = (*self.order.judged, *sorted(self.judged()))
        return replace(self.order, tasks=tasks, judged=judged) if tasks else None

    def report(self) -> dict[str, Any]:
        """Return plain values: how it ended, each verdict, and what was printed."""
        is_well = self.has_said("end") or not self.ending[0]
        outcome, detail = ("ok", "") if is_well else self._told_ending()
        return {
            "outcome": outcome,
            "detail": detail,
            "place": self._place(),
            "tasks": [] if is_well else self._blamed(),
            "running": "" if is_well else self.running(),
            "doubted": self.at_hand if not is_well and self._is_in_doubt else "",
            "at_import": not is_well and self.is_at_import,
            "verdicts": [(w["verdict"], w["seconds"]) for w in self.of_kind("verdict")],
            "printed": list(self.printed.items()),
            "output": self.output_text(),
            "integrity": self.of_kind("integrity"),
            "canaries": self.of_kind("canary"),
        }

    def _place(self) -> str:
        file = answer_in(self.order)
        stacks = bytes(self.stack).decode(errors="replace")
        return file if self._suspects else place_in(stacks, file)

    def _blamed(self) -> list[str]:
        """Return the tasks that are wrong because it has ended."""
        if self.is_at_import:
            return list(self.order.tasks)
        return self._suspects or ([self.at_hand] if self.at_hand else [])


def answer_in(order: Order) -> str:
    """Return the file that is judged."""
    return str(Exercise(Path(order.root), order.exercise).answer_in(Path(order.answers)))


def place_in(stacks: str, file: str) -> str:
    """Return the learner's file and, from the last dump of a stack, the line in it.

    A dump has a part for each thread; the current one comes first.
    """
    parts = re.split(r"^(.*\(most recent call first\)):$", stacks, flags=re.MULTILINE)
    threads = list(zip(parts[1::2], parts[2::2], strict=True))[::-1]
    for _, lines in sorted(threads, key=lambda thread: not thread[0].startswith("Current")):
        for found in re.finditer(r'File "(.+)", line (\d+) in ', lines):
            if found[1] == file:
                return f"{file}:{found[2]}"
    return file
