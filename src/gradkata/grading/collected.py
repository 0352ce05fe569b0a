"""A process that has collected an exercise's tests, and forks a judgement for each answer.

To collect them takes longer than most answers' tests, and gives the same each time: an answer's
module is empty until its first test. So it is done once, and each judgement is a fork: a
supervisor, and workers that go on from where the tests are collected.

It runs where a process can be forked.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, NoReturn

from gradkata.course import Exercise
from gradkata.grading import integrity, isolation
from gradkata.grading.isolation import Isolated
from gradkata.judging import forked, processes
from gradkata.judging.protocol import Control, Order, Pipes
from gradkata.judging.reporter import Reporter
from gradkata.judging.worker import arguments_for, stand_alone, take_pipes
from gradkata.plugin.tasks import task_of, test_name


class CannotCollect(Exception):
    """The tests of an exercise cannot be got ready; its text is pytest's."""


class Collector:
    """The process of one exercise, as whoever asks for judgements sees it.

    Args:
        order: whose tests are collected: all tasks of an exercise.
        isolated: how each judgement is shut off from the next, see `isolation`.
    """

    def __init__(self, order: Order, *, isolated: Isolated) -> None:
        self.order = order
        self.control, there = Pipe()
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 — closed with the process
        if sys.platform == "win32":
            raise NotImplementedError
        self.pid = os.fork()
        if self.pid == 0:
            try:
                # Close the pipes to other collectors too: their readers wait for the end of input.
                processes.close_all_but([there.fileno(), self.said.fileno()])
                _collect(order, there, self.said.fileno(), isolated=isolated)
            finally:
                os._exit(1)
        there.close()

    def begin(self, text: bytes, tasks: Sequence[str], seed: int) -> None:
        """Ask for a judgement; `next_report` gives what comes of it.

        Raises:
            CannotCollect: if the process has ended before.
        """
        asked = {"text": text.decode("latin-1"), "tasks": list(tasks), "seed": seed}
        try:
            self.control.send_bytes(json.dumps(asked).encode())
            self.control.send_bytes(b"[]")  # begin at once, with no task before the others
        except OSError:
            raise self._failure() from None

    def answer(self, line: bytes) -> None:
        """Give a worker that has asked for it what is to be judged after the answer."""
        with contextlib.suppress(OSError):  # its end comes as a report
            self.control.send_bytes(line)

    def next_report(self) -> dict[str, Any]:
        """Return the report of the supervisor, and at last what ended it.

        Raises:
            CannotCollect: if the process has ended.
        """
        try:
            report: dict[str, Any] = json.loads(self.control.recv_bytes())
        except (EOFError, OSError):
            raise self._failure() from None
        return report

    def _failure(self) -> CannotCollect:
        text = self._text_of_output()
        self.close()
        return CannotCollect(text)

    def _text_of_output(self) -> str:
        self.said.seek(0)
        text = self.said.read().decode(errors="replace").strip().removeprefix("ERROR: ")
        return text or "the process that had collected the tests has ended"

    def close(self) -> None:
        """End the process, and what it has under way."""
        if sys.platform == "win32":
            raise NotImplementedError
        self.control.close()  # a supervisor takes it for the end
        self.said.close()
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
            self.pid = 0


def _collect(order: Order, control: Control, said: int, *, isolated: Isolated) -> NoReturn:
    """Collect the tests and serve; what pytest says of them goes to a file."""
    import pytest

    if sys.platform == "win32":
        raise NotImplementedError
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(said, number)
    sys.stdout = sys.stderr = open(said, "w", closefd=False)  # noqa: SIM115 — until the end
    with contextlib.suppress(OSError):
        os.setsid()
    stand_alone(order.root)
    serving = _Serving(order, control, isolated=isolated)
    pytest.main(arguments_for(order), plugins=[serving])
    sys.stdout.flush()
    os._exit(1)


class _Serving(Reporter):
    """Stops a run of pytest after collection, and lets forks of it go on."""

    def __init__(self, order: Order, control: Control, *, isolated: Isolated) -> None:
        # What sends and prints is there in a worker alone.
        nothing: Any = None
        super().__init__(order, nothing, nothing, nothing, alone=False)
        self.control = control
        self.isolated = isolated

    def pytest_runtestloop(self, session: Any) -> None:
        """Fork a supervisor for each answer that is asked for; nobody is there at an end."""
        modules = {item.module.__name__: item.module for item in session.items}
        self.fingerprint = integrity.Fingerprint(modules)
        if sys.platform == "win32":
            raise NotImplementedError
        while True:
            try:
                asked = json.loads(self.control.recv_bytes())
            except (EOFError, OSError):
                os._exit(0)
            child = os.fork()
            if child == 0:
                try:
                    self._supervise(session, asked)
                finally:
                    os._exit(1)
            _, status = os.waitpid(child, 0)
            self.control.send_bytes(json.dumps({"ended": status}).encode())

    def pytest_runtest_logstart(self) -> None:
        """Note when a test begins."""
        self.began = time.time()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Say the verdict of a test, and how long it took with what gets it ready."""
        report.duration = report.stop - self.began
        super().pytest_runtest_logreport(report)

    def _supervise(self, session: Any, asked: dict[str, Any]) -> None:
        """Be the supervisor of one judgement, in surroundings of its own."""
        order = replace(self.order, tasks=tuple(asked["tasks"]), seed=asked["seed"])
        exercise = Exercise(Path(order.root), order.exercise)
        if self.isolated:
            isolation.enter(Path(order.answers), self.isolated)
        _put(exercise.answer_in(Path(order.answers)), asked["text"].encode("latin-1"))

        def work(of_worker: Order, secret: bytes, pipes: Pipes) -> None:
            self._work(session, of_worker, secret, pipes)

        forked.supervise(self.control, [order], work)
        os._exit(0)

    def _work(self, session: Any, order: Order, secret: bytes, pipes: Pipes) -> NoReturn:
        """Judge in a worker: go on from where the tests are collected."""
        from _pytest.main import pytest_runtestloop

        from gradkata.grading.aviary import Aviary

        exercise = Exercise(Path(order.root), order.exercise)
        leave = os._exit
        if order.device == "cpu":  # CUDA maps more than any machine has
            isolation.limit_resources(order.limits.memory)
        if self.isolated:
            isolation.drop_privileges()
        self.order, self.pipes = order, pipes
        self.messenger, self.printed = take_pipes(order, secret, pipes, alone=False)
        session.config.option.seed = order.seed
        own = [item for item in session.items if task_of(item) in order.tasks]
        every = {test_name(item): item for item in own}
        session.items[:] = [item for item in own if test_name(item) not in order.judged]
        left = {item.nodeid for item in session.items}
        self.seconds = {test: took for test, took in self.seconds.items() if test in left}
        super().pytest_runtestloop(session)
        # A learner's code may replace what these names lead to.
        changed, send, read = self.fingerprint.changed, self.messenger.send, _line_from
        known = set(sys.modules)
        aviary = Aviary(every, sys.modules.get(exercise.topic), self)
        pytest_runtestloop(session)
        send(kind="asks")
        told = json.loads(read(pipes.start))
        aviary.judge(told)
        imported = [name for name in sys.modules if name not in known] if told["tries"] else []
        send(kind="integrity", changed=changed(), imported=imported)
        self.pytest_sessionfinish(session)
        self.printed.flush_stream()
        leave(0)


def _line_from(end: int) -> bytes:
    """Read a line after which nothing comes."""
    line = b""
    while not line.endswith(b"\n") and (read := os.read(end, 1 << 16)):
        line += read
    return line


def _put(file: Path, text: bytes) -> None:
    """Let a folder of answers hold this one, and nothing else."""
    for other in sorted(file.parents[1].rglob("*"), reverse=True):
        other.rmdir() if other.is_dir() and not other.is_symlink() else other.unlink()
    file.parent.mkdir(parents=True)
    file.write_bytes(text)
