"""The pytest plugin of a worker: it waits for the start, and sends each verdict as it comes."""

from __future__ import annotations

import faulthandler
import io
import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from gradkata.course import Exercise, progress
from gradkata.judging import processes
from gradkata.judging.messenger import Messenger, Printed
from gradkata.judging.protocol import CHANGED, Order, Pipes, read_line
from gradkata.plugin.tasks import task_of, test_name
from gradkata.results import State

# Where pytest-timeout has no signal to stop a test by, as on Windows, it would end the process.
STOPS_FROM_WITHIN = hasattr(signal, "SIGALRM")


class Reporter:
    """A pytest plugin that waits for the start, and sends each verdict as it comes."""

    def __init__(
        self, order: Order, messenger: Messenger, printed: Printed, pipes: Pipes, *, alone: bool
    ) -> None:
        self.order = order
        self.messenger = messenger
        self.printed = printed
        self.pipes = pipes
        self.alone = alone
        self.seconds: dict[str, float] = {}
        self.wrong: set[str] = set()
        self.awaited = 0
        self.has_begun = False
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
        for item in session.items:
            limit = _own_limit(item) or self.order.limits.seconds / 2
            self.seconds[item.nodeid] = 2 * limit if STOPS_FROM_WITHIN else limit
            item.location  # noqa: B018 — pytest looks it up at the first use
        exercise = Exercise(Path(self.order.root), self.order.exercise)
        if progress.digest_of_tests(exercise) != self.order.digest:
            raise pytest.UsageError(CHANGED.format(f"{exercise.name}/tests"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> None:
        """Begin when told to, with the tasks that are told; nobody is there at an end of input."""
        told = read_line(self.pipes.start)
        if not told:
            os._exit(0)
        if self.alone:
            processes.end_with(self.pipes.start)
        first = json.loads(told)
        session.items.sort(key=lambda item: task_of(item) not in first)
        self.awaited = sum(task_of(item) in first for item in session.items)
        tests = [(test_name(item), task_of(item)) for item in session.items]
        self.has_begun = True
        self.messenger.send(kind="begin", tests=tests)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> bool | None:
        """Pass by what is left of a task that is wrong: its first fault is what is shown."""
        if task_of(item) not in self.wrong:
            return None
        del self.seconds[item.nodeid]
        # Nobody else takes down what it shares with the tests before it.
        item.ihook.pytest_runtest_teardown(item=item, nextitem=nextitem)
        self._one_is_through()
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: Any) -> None:
        """Say which test begins, and how long it may take."""
        seconds = self.seconds[item.nodeid]
        if self.alone:
            faulthandler.dump_traceback_later(seconds, file=self.pipes.stack)
        self.printed.task = task_of(item) or ""
        alive = {of for thread, of in self.threads.items() if of and thread.is_alive()}
        beside = sorted(alive - {task_of(item)})
        self.messenger.send(kind="start", test=test_name(item), may_take=seconds, beside=beside)

    def pytest_answer_executed(self) -> None:
        """Say that the learner's file has run, to its end or not."""
        self._note_threads(of="")
        self.messenger.send(kind="executed")

    @pytest.hookimpl(tryfirst=True, optionalhook=True)
    def pytest_timeout_set_timer(self) -> bool | None:
        """Leave a test that nothing can stop from within to whoever watches."""
        return None if STOPS_FROM_WITHIN else True

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Say the verdict of a test."""
        if hasattr(report, "verdict"):
            self.seconds.pop(report.nodeid, None)
            self.printed.flush_stream()
            self.messenger.hold(kind="verdict", verdict=report.verdict, seconds=report.duration)
            if report.verdict["state"] == State.WRONG:
                self.wrong.add(report.verdict["task"])

    def pytest_runtest_logfinish(self) -> None:
        """Note whose threads go on."""
        self._note_threads(of=self.printed.task)
        self._one_is_through()

    def _one_is_through(self) -> None:
        """Say it when the tasks that had to come first are through."""
        self.awaited -= 1
        if self.awaited == 0:
            self.messenger.send(kind="first")

    def _note_threads(self, *, of: str) -> None:
        """Note whose new threads are; those of the whole file are no task's."""
        for thread in threading.enumerate():
            self.threads.setdefault(thread, of)

    def pytest_sessionfinish(self, session: Any) -> None:
        """Say that every test has its verdict, or why the run broke off."""
        if not self.seconds:
            self.messenger.send(kind="end")
        elif self.has_begun:
            how = str(session.shouldstop or "the run of its tests broke off")
            self.messenger.send(kind="ends itself", by="", how=how)


def _own_limit(item: Any) -> float:
    """Return the seconds of the test's own marker; 0 if it has none."""
    marker = item.get_closest_marker("timeout")
    return float((*marker.args, marker.kwargs.get("timeout", 0))[0]) if marker else 0.0


class _Silence:
    """Stands in for pytest's terminal reporter, which pytest-timeout writes to."""

    def __init__(self, writer: Any) -> None:
        self._tw = writer
        self.stats: dict[str, list[Any]] = {}

    def line(self, *_: object, **__: object) -> None:
        """Say nothing."""
