"""The process that runs pytest on a learner's code, and says what it sees in signed words.

It gets ready first: pytest is configured and the tests are collected, which runs nothing of the
learner's. Then it waits to be let go. Whoever watches over it believes only words that bear
the signature of a secret which the two share.

That is so against accidents: whatever a crash, a stray write or a copy of the process leaves in
the pipe is no verdict. It is not so against intent, for the learner's code runs in this process.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import hmac
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from gradkata.course import Exercise, progress
from gradkata.plugin import task_of, test_name
from gradkata.plugin.streams import NoInput, no_debugger

SIGNATURE = 64  # characters before each word
PRINTED = b"printed "  # stands before what is not signed
CUT_OFF = 199  # the exit code of a worker that can say nothing any more
CHANGED = "{} was written to while it was at work: judge again"
WRITTEN = ("words", "output", "stack")  # what a worker writes to
AWAITED = "awaited"  # a file that tells a fresh process that its verdict is waited for
# Where pytest-timeout has no signal to stop a test by, as on Windows, it would end the process.
STOPS_FROM_WITHIN = hasattr(signal, "SIGALRM")


@dataclass(frozen=True)
class Limits:
    """How far a judgement may go.

    Args:
        seconds: for a single test, from outside; after half of it pytest-timeout stops it from
            within, or it is stopped from outside where nothing can do that. A test that bears a
            limit of its own has twice that.
        memory: bytes that a worker may have beyond what the warm process has.
        output: bytes of what a task prints that are kept.
        processes: how many a judgement may have at a time, its workers among them.
    """

    seconds: float = 20.0
    memory: int = 4 * 2**30
    output: int = 20_000
    processes: int = 64


@dataclass(frozen=True)
class Order:
    """What a worker is to judge: some tasks of one exercise.

    `digest` is that of the tests' file. `judged` are the tests of these tasks that have their
    verdict from an earlier worker.
    """

    root: str
    exercise: str
    answers: str
    device: str
    tasks: tuple[str, ...]
    limits: Limits
    digest: str
    judged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ends:
    """The descriptors that a worker has: it reads `go`, and writes to the others."""

    go: int
    words: int
    output: int
    stack: int


def work(order: Order, secret: bytes, ends: Ends, *, alone: bool = False) -> None:
    """Get ready, wait for the word, judge, and end this process.

    Args:
        order: what to judge.
        secret: signs the words.
        ends: what to read and write.
        alone: nobody can ask by a signal at which line it is, when its time is over.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    faulthandler.enable(file=ends.stack)
    if sys.platform != "win32" and not alone:
        faulthandler.register(signal.SIGUSR1, file=ends.stack)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(ends.output, number)
    pipe = Pipe(ends.words)
    voice = Voice(pipe, secret)
    printed = Printed(pipe, order.limits.output)
    sys.stdin, sys.stdout, sys.stderr = NoInput(), printed.stream, printed.stream
    sys.breakpointhook = no_debugger
    leave = os._exit
    _tell_of_its_own_end(voice, ends.stack)
    # A child that lives for one run has nothing to collect, and all of torch to look through.
    gc.disable()
    os.chdir(order.root)
    # Of the plugins that happen to be installed, none but those named below; and no options.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for theirs in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(theirs, None)
    exercise = Exercise(Path(order.root), order.exercise)
    # As pytest was given the folder, it would import the tests of the other workers' tasks too.
    arguments = [str(exercise.tests_of(task).relative_to(order.root)) for task in order.tasks]
    arguments += ["--answers", order.answers]
    arguments += ["--device", order.device, "--timeout", f"{order.limits.seconds / 2:g}", *_LEAN]
    reporter = Reporter(order, voice, printed, ends, alone=alone)
    leave(pytest.main(arguments, plugins=[reporter]))


def _tell_of_its_own_end(voice: Voice, stack: int) -> None:
    """Say before this process ends itself how it does so, and write down where."""
    own, end = os.getpid(), os._exit

    def exit_told(status: int) -> NoReturn:
        if os.getpid() == own:
            faulthandler.dump_traceback(stack)
        end(status)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _OWN_ENDS and os.getpid() == own and (told := _OWN_ENDS[event](*arguments)):
            faulthandler.dump_traceback(stack)
            voice.say(kind="ends itself", by=told[0], how=told[1])

    os._exit = exit_told
    sys.addaudithook(hook)


def _by_exec(path: Any, *_: object) -> tuple[str, str] | None:
    if not os.access(path, os.X_OK):
        return None
    return "exec", f"it replaced itself by another program, {os.fsdecode(path)},"


def _by_signal(pid: int, number: int) -> tuple[str, str] | None:
    if number == 0 or pid not in (0, os.getpid(), -_own_group()):
        return None
    return name_of_signal(number), f"it sent itself {name_of_signal(number)}"


def _own_group() -> int:
    if sys.platform == "win32" or not hasattr(os, "getpgrp"):
        return 0
    return os.getpgrp()


def name_of_signal(number: int) -> str:
    """Return a signal's name; of those that have none, its number."""
    return next((known.name for known in signal.Signals if known == number), f"signal {number}")


# What Python tells of before it happens: by what the process may end, and what is said then.
_OWN_ENDS: dict[str, Callable[..., tuple[str, str] | None]] = {
    "os.exec": _by_exec,
    "os.kill": _by_signal,
    "os.killpg": lambda group, number: _by_signal(-(group or _own_group()), number),
}


# Without pytest's own words, which nobody reads here, and the plugins that a judgement has no use
# for. Without its capturing, because what a learner prints is sent on as it is printed.
_IDLE = (
    *("cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "logging", "pastebin"),
    *("setuponly", "setupplan", "stepwise", "terminal", "threadexception", "unraisableexception"),
)
_LEAN = ["-o", "addopts=", "--import-mode=importlib", "-s"]
_LEAN += ["-p", "pytest_timeout", "-p", "gradkata.plugin"]
_LEAN += [argument for plugin in _IDLE for argument in ("-p", f"no:{plugin}")]


class Pipe:
    """Writes whole lines to where the words go, from any thread of its own process."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.process = os.getpid()
        self.lock = threading.RLock()
        self.held = b""

    @property
    def is_own(self) -> bool:
        """Whether this is the process that has made it, and not a child that has inherited it."""
        return os.getpid() == self.process

    def write(self, line: bytes) -> None:
        """Write a line, and what was held back."""
        with self.lock:
            self.held += line
            # The exception of a time limit may come between any two of these lines: a word
            # that is said twice is heard once, and one that is cut is said again.
            while self.held:
                try:
                    self.held = self.held[os.write(self.end, self.held) :]
                except OSError:
                    os._exit(CUT_OFF)

    def hold(self, line: bytes) -> None:
        """Write a line together with the next: each that comes wakes up whoever listens."""
        with self.lock:
            self.held += line


class Voice:
    """Says words: signed and numbered lines of JSON."""

    def __init__(self, pipe: Pipe, secret: bytes) -> None:
        self.pipe = pipe
        self.secret = secret
        self.number = 0

    def say(self, **word: Any) -> None:
        """Say a word, and what was held back."""
        if self.pipe.is_own:
            with self.pipe.lock:
                self.pipe.write(self._line(word))

    def hold(self, **word: Any) -> None:
        """Say a word together with the next."""
        if self.pipe.is_own:
            with self.pipe.lock:
                self.pipe.hold(self._line(word))

    def _line(self, word: dict[str, Any]) -> bytes:
        body = json.dumps(word | {"number": self.number}).encode()
        self.number += 1
        return b"\n" + sign(body, self.secret) + b" " + body + b"\n"


def sign(body: bytes, secret: bytes) -> bytes:
    """Return the signature of a word's body."""
    return hmac.digest(secret, body, "sha256").hex().encode()


class Reporter:
    """A pytest plugin that waits to be let go, and says each verdict as it comes."""

    def __init__(
        self, order: Order, voice: Voice, printed: Printed, ends: Ends, *, alone: bool
    ) -> None:
        self.order = order
        self.voice = voice
        self.printed = printed
        self.ends = ends
        self.alone = alone
        self.seconds: dict[str, float] = {}
        self.awaited = 0
        self.threads: dict[threading.Thread, str] = {}

    def pytest_configure(self, config: Any) -> None:
        """Give those who write to the terminal something to write to."""
        from _pytest._io import TerminalWriter

        config.pluginmanager.register(_Silence(TerminalWriter(io.StringIO())), "terminalreporter")

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave the other tasks to the other workers."""
        items[:] = [
            item
            for item in items
            if task_of(item) in self.order.tasks and test_name(item) not in self.order.judged
        ]

    def pytest_collection_finish(self, session: Any) -> None:
        """Look up now what will be asked of each test, and demand that the tests are the same."""
        exercise = Exercise(Path(self.order.root), self.order.exercise)
        if progress.digest_of_tests(exercise) != self.order.digest:
            raise pytest.UsageError(CHANGED.format(f"{exercise.name}/tests"))
        for item in session.items:
            limit = _own_limit(item) or self.order.limits.seconds / 2
            self.seconds[item.nodeid] = 2 * limit if STOPS_FROM_WITHIN else limit
            item.location  # noqa: B018 — pytest looks it up at the first use

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> None:
        """Begin when told to, with the tasks that are told; nobody is there at an end of input."""
        told = _line(self.ends.go)
        if not told:
            os._exit(0)
        first = json.loads(told)
        session.items.sort(key=lambda item: task_of(item) not in first)
        self.awaited = sum(task_of(item) in first for item in session.items)
        tests = [(test_name(item), task_of(item)) for item in session.items]
        self.voice.say(kind="begin", tests=tests)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: Any) -> None:
        """Say which test begins, and how long it may take."""
        seconds = self.seconds[item.nodeid]
        if self.alone:
            faulthandler.dump_traceback_later(seconds, file=self.ends.stack)
        self.printed.task = task_of(item) or ""
        alive = {of for thread, of in self.threads.items() if of and thread.is_alive()}
        beside = sorted(alive - {task_of(item)})
        self.voice.say(kind="start", test=test_name(item), may_take=seconds, beside=beside)

    def pytest_answer_executed(self) -> None:
        """Say that the learner's file has run, to its end or not."""
        self._note_threads(of="")
        self.voice.say(kind="executed")

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_timeout_set_timer(self) -> bool | None:
        """Leave a test that nothing can stop from within to whoever watches."""
        return None if STOPS_FROM_WITHIN else True

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Say the verdict of a test."""
        if hasattr(report, "verdict"):
            self.printed.flush_stream()
            self.voice.hold(kind="verdict", verdict=report.verdict, seconds=report.duration)

    def pytest_runtest_logfinish(self) -> None:
        """Note whose threads go on, and say that the tasks which had to come first are through."""
        self._note_threads(of=self.printed.task)
        self.awaited -= 1
        if self.awaited == 0:
            self.voice.say(kind="first")

    def _note_threads(self, *, of: str) -> None:
        """Note whose new threads are; those of the whole file are no task's."""
        for thread in threading.enumerate():
            self.threads.setdefault(thread, of)

    def pytest_sessionfinish(self) -> None:
        """Say that all have been said."""
        self.voice.say(kind="end")


def _own_limit(item: Any) -> float:
    """Return the seconds of the test's own marker; 0 if it has none."""
    marker = item.get_closest_marker("timeout")
    return float((*marker.args, marker.kwargs.get("timeout", 0))[0]) if marker else 0.0


class Printed(io.RawIOBase):
    """Sends on what is printed, as it is printed, up to a length for each task.

    `task` is whose it is from now on. A learner's code holds this in `sys.stdout`, so it bears
    no signature, and leads to nothing that could sign.
    """

    def __init__(self, pipe: Pipe, kept: int) -> None:
        self.pipe = pipe
        self.kept = kept
        self.room: dict[str, int] = {}
        self.task = ""
        # What `print` writes to.
        self.stream = io.TextIOWrapper(
            io.BufferedWriter(self, 1 << 16),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=True,
        )

    def flush_stream(self) -> None:
        """Send on what has no end of line yet; the learner may have closed the stream."""
        with contextlib.suppress(ValueError):
            self.stream.flush()

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that other programs may write to."""
        return 1

    def write(self, data: Any) -> int:
        """Send on as much as there is room for, and once a notice of what is left out.

        What a child process prints has no task.
        """
        if not self.pipe.is_own:
            return os.write(1, data)
        room = self.room.get(self.task, self.kept)
        self.room[self.task] = room - len(data)
        if room >= 0:
            text = bytes(data[:room]).decode(errors="replace")
            cut = notice_of_cut(self.kept) if len(data) > room else ""
            word = json.dumps({"task": self.task, "text": text + cut}).encode()
            self.pipe.write(b"\n" + PRINTED + word + b"\n")
        return len(data)


def notice_of_cut(kept: int) -> str:
    """Say that more was printed than is kept."""
    return f"\n… cut after {kept:,} bytes\n"


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
    _open_no_window()
    stdin = os.dup(0)
    first = json.loads(_line(stdin))
    limits = Limits(**first["order"].pop("limits"))
    order = Order(limits=limits, **(first["order"] | {"tasks": tuple(first["order"]["tasks"])}))
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    files = {name: os.open(Path(first["folder"], name), flags) for name in WRITTEN}
    if not Path(first["folder"], AWAITED).exists():
        import gradkata.judging.warm  # noqa: F401 — the verdict will be the sooner there
    work(order, bytes.fromhex(first["secret"]), Ends(go=stdin, **files), alone=True)


def _open_no_window() -> None:
    """Let a crash end this process at once: Windows may tell of it in a window, and wait."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.SetErrorMode(msvcrt.SEM_FAILCRITICALERRORS | msvcrt.SEM_NOGPFAULTERRORBOX)


def _line(end: int) -> bytes:
    """Read up to the end of a line; of one that is cut short there is nothing."""
    line = b""
    while not line.endswith(b"\n"):
        read = os.read(end, 1)
        if not read:
            return b""
        line += read
    return line


if __name__ == "__main__":
    main()
