"""The process that runs pytest on a learner's code, and says what it sees in signed words.

It gets ready first: pytest is configured and the tests are collected, which runs nothing of the
learner's. Then it waits to be let go. Whoever watches over it believes only words that bear
the signature of a secret which the two share.
"""

from __future__ import annotations

import faulthandler
import gc
import hmac
import io
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SIGNATURE = 64  # characters before each word
WRITTEN = ("words", "output", "stack")  # what a worker writes to


@dataclass(frozen=True)
class Limits:
    """How far a judgement may go.

    Args:
        seconds: for the whole exercise, from outside; a single test has half of it.
        memory: bytes that a worker may have beyond what the warm process has.
        output: characters of what a task prints that are kept.
        processes: how many a worker may have at a time.
    """

    seconds: float = 20.0
    memory: int = 4 * 2**30
    output: int = 20_000
    processes: int = 64


@dataclass(frozen=True)
class Order:
    """What a worker is to judge: some tasks of one exercise."""

    root: str
    exercise: str
    answers: str
    device: str
    tasks: tuple[str, ...]
    limits: Limits


@dataclass(frozen=True)
class Ends:
    """The descriptors that a worker has: it reads `go`, and writes to the others."""

    go: int
    words: int
    output: int
    stack: int


def work(order: Order, secret: bytes, ends: Ends) -> None:
    """Get ready, wait for the word, judge, and end this process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(ends.output, number)
    voice = Voice(ends.words, secret)
    printed = Printed(voice, order.limits.output)
    sys.stdout = sys.stderr = printed.stream()
    # A child that lives for one run has nothing to collect, and all of torch to look through.
    gc.disable()
    os.chdir(order.root)
    # Of the plugins that happen to be installed, none but those named below.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    arguments = [f"exercises/{order.exercise}", "--answers", order.answers]
    arguments += ["--device", order.device, "--timeout", f"{order.limits.seconds / 2:g}", *_LEAN]
    pytest.main(arguments, plugins=[Reporter(order, voice, printed, ends)])
    os._exit(0)


# Without pytest's own words, which nobody reads here, and the plugins that a judgement has no use
# for. Without its capturing, because what a learner prints is sent on as it is printed.
_IDLE = (
    *("cacheprovider", "doctest", "faulthandler", "junitxml", "logging", "pastebin", "setuponly"),
    *("setupplan", "stepwise", "terminal", "threadexception", "unraisableexception"),
)
_LEAN = ["-o", "addopts=", "--import-mode=importlib", "-s"]
_LEAN += ["-p", "pytest_timeout", "-p", "gradkata.plugin"]
_LEAN += [argument for plugin in _IDLE for argument in ("-p", f"no:{plugin}")]


class Voice:
    """Says words: signed and numbered lines of JSON."""

    def __init__(self, end: int, secret: bytes) -> None:
        self.end = end
        self.secret = secret
        self.number = 0
        self.held = b""

    def say(self, **word: Any) -> None:
        """Say a word, and what was held back."""
        self.hold(**word)
        os.write(self.end, self.held)
        self.held = b""

    def hold(self, **word: Any) -> None:
        """Say a word together with the next: each that is said wakes up whoever listens."""
        body = json.dumps(word | {"number": self.number}).encode()
        self.number += 1
        self.held += b"\n" + sign(body, self.secret) + b" " + body + b"\n"


def sign(body: bytes, secret: bytes) -> bytes:
    """Return the signature of a word's body."""
    return hmac.digest(secret, body, "sha256").hex().encode()


class Reporter:
    """A pytest plugin that waits to be let go, and says each verdict as it comes."""

    def __init__(self, order: Order, voice: Voice, printed: Printed, ends: Ends) -> None:
        self.order = order
        self.voice = voice
        self.printed = printed
        self.ends = ends

    def pytest_configure(self, config: Any) -> None:
        """Give those who write to the terminal something to write to."""
        from _pytest._io import TerminalWriter

        config.pluginmanager.register(_Silence(TerminalWriter(io.StringIO())), "terminalreporter")

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave the other tasks to the other workers."""
        items[:] = [item for item in items if _task_of(item) in self.order.tasks]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """Begin when told to; when whoever would tell is gone, there is nothing to do."""
        if not os.read(self.ends.go, 1):
            os._exit(0)
        # Just before whoever watches ends it all: to tell the line that it was at.
        faulthandler.dump_traceback_later(self.order.limits.seconds, file=self.ends.stack)
        self.voice.say(kind="begin")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: Any) -> None:
        """Say which test begins."""
        self.printed.of(_task_of(item) or "")
        self.voice.say(kind="start", test=item.nodeid.partition("::")[2])

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Say the verdict of a test."""
        if hasattr(report, "verdict"):
            sys.stdout.flush()
            # Nothing of the learner's runs before the next test, or the end, is announced.
            self.voice.hold(kind="verdict", verdict=report.verdict, seconds=report.duration)

    def pytest_sessionfinish(self) -> None:
        """Say that all have been said."""
        self.voice.say(kind="end")


def _task_of(item: Any) -> str | None:
    marker = item.get_closest_marker("task")
    return str(marker.args[0]) if marker else None


class Printed(io.RawIOBase):
    """Sends on what is printed, as it is printed, up to a length for each task."""

    def __init__(self, voice: Voice, kept: int) -> None:
        self.voice = voice
        self.kept = kept
        self.room: dict[str, int] = {}
        self.task = ""

    def of(self, task: str) -> None:
        """Take what is printed from now on for this task's."""
        self.task = task

    def stream(self) -> io.TextIOWrapper:
        """Return what `print` writes to."""
        return io.TextIOWrapper(
            io.BufferedWriter(self, 1 << 16),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=True,
        )

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that other programs may write to."""
        return 1

    def write(self, data: Any) -> int:
        """Send on as much as there is room for, and once a notice of what is left out."""
        room = self.room.get(self.task, self.kept)
        self.room[self.task] = room - len(data)
        if room >= 0:
            text = bytes(data[:room]).decode(errors="replace")
            cut = f"\n… cut after {self.kept:,} characters\n" if len(data) > room else ""
            self.voice.say(kind="printed", task=self.task, text=text + cut)
        return len(data)


class _Silence:
    """Stands in for pytest's terminal reporter, which pytest-timeout writes to."""

    def __init__(self, writer: Any) -> None:
        self._tw = writer

    def line(self, *_: object, **__: object) -> None:
        """Say nothing."""


def main() -> None:
    """Work in a fresh process, where no fork of a warm one is to be had.

    The first line of stdin is the order. The worker writes to files of the folder named there.
    """
    stdin = os.dup(0)
    first = json.loads(_line(stdin))
    limits = Limits(**first["order"].pop("limits"))
    order = Order(limits=limits, **(first["order"] | {"tasks": tuple(first["order"]["tasks"])}))
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    files = {name: os.open(Path(first["folder"], name), flags) for name in WRITTEN}
    work(order, bytes.fromhex(first["secret"]), Ends(go=stdin, **files))


def _line(end: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += os.read(end, 1)
    return line


if __name__ == "__main__":
    main()
