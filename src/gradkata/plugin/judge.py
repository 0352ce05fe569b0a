"""Run each test on a learner's answer, and put its verdict into the report."""

from __future__ import annotations

import gc
import random
import sys
import threading
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gradkata.answers import AnswerFinder, AnswerLoader
from gradkata.course import Exercise
from gradkata.display import verdict_text
from gradkata.errors import ignore_alarm
from gradkata.plugin.accelerator import stopped_if_lost
from gradkata.plugin.changes import Machinery
from gradkata.plugin.clock import Clock
from gradkata.plugin.escapes import (
    guards_of,
    no_changes,
    no_escape,
    no_side_effects,
)
from gradkata.plugin.explain import BrokenFile, Escape, MissingTask
from gradkata.plugin.streams import lent_streams
from gradkata.plugin.tasks import (
    TEST,
    TaskTest,
    fixtures_of,
    task_of,
)
from gradkata.plugin.verdicts import Verdicts, make_visible
from gradkata.results import State

if TYPE_CHECKING:
    from gradkata.plugin.global_state import GlobalState


class Judge:
    """Runs each test on a learner's answer, and puts its verdict into the report."""

    def __init__(
        self, config: pytest.Config, found: tuple[Exercise, ...], verdicts: Verdicts, clock: Clock
    ) -> None:
        self.config = config
        self.verdicts, self.clock = verdicts, clock
        answers = Path(config.getoption("answers"))
        self.finder = AnswerFinder({e.topic: e.answer_in(answers) for e in found})
        self.state: GlobalState | None = None
        self.is_last_of_task = True
        self.through: pytest.Item | None = None
        self.changes: Generator[list[str], None, None] | None = None
        self.machinery: Machinery | None = None
        self.finder.install()
        # A thread is a daemon if the one that starts it is: an endless one then holds up no exit.
        threading.main_thread()._daemonic = True  # type: ignore[attr-defined]  # Python's own

    def pytest_unconfigure(self) -> None:
        """Leave no module of a learner behind."""
        threading.main_thread()._daemonic = False  # type: ignore[attr-defined]
        self.finder.remove()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Import torch before a test's time runs, and take it out of every garbage collection."""
        judged = [item for item in session.items if TEST in item.stash]
        if judged:
            import gradkata.checks  # noqa: F401 — one of the modules that are looked at
            from gradkata.plugin.global_state import GlobalState

            self.state = GlobalState()
            self.machinery = Machinery(judged)
            gc.freeze()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Note if a test is its task's last."""
        self.is_last_of_task = nextitem is None or task_of(nextitem) != task_of(item)
        found = yield
        if self.is_last_of_task:
            self._changed()
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Run the learner's file and then the test, and let nothing that they do get past."""
        test = pyfuncitem.stash.get(TEST, None)
        if test is None:
            return (yield)
        _seed(pyfuncitem)
        if self.changes is None:
            self.changes = self._changes(pyfuncitem)
            next(self.changes)
        changed = []
        try:
            with lent_streams():
                self._prepare(test, pyfuncitem)
                with (
                    self.verdicts.stopped_once(test),
                    no_side_effects(self._state_before(pyfuncitem)),
                    no_escape(self.clock.demand_time_left),
                    guards_of(pyfuncitem),
                ):
                    result = yield
        finally:
            if self.is_last_of_task:
                changed = self._changed()
        if changed:
            raise Escape(f"it leaves a change behind: {'; '.join(changed)}")
        self.through = pyfuncitem
        return result

    def _changes(self, item: pytest.Item) -> Generator[list[str], None, None]:
        assert self.machinery is not None
        return self.machinery.changes(item.path.parent)

    def _changed(self) -> list[str]:
        """Put back what has changed in what judges since the task began, and name it."""
        changes, self.changes = self.changes, None
        return next(changes) if changes else []

    def _state_before(self, item: pytest.Function) -> GlobalState:
        """Return the global state of now, which costs less if no fixture can have changed it."""
        from gradkata.plugin.global_state import GlobalState

        alone = fixtures_of(item) <= {"device", "request"}
        self.state = GlobalState(after=self.state if alone else None)
        return self.state

    def _prepare(self, test: TaskTest, item: pytest.Function) -> None:
        """Run the learner's file if it has not run yet, and demand that it has the task."""
        if (test.exercise.name, test.task) in self.verdicts.endless:
            raise self.verdicts.endless[test.exercise.name, test.task]
        module = sys.modules.get(test.exercise.topic)
        loader = getattr(module, "__loader__", None)
        if module is None or not isinstance(loader, AnswerLoader):
            raise BrokenFile(f"{item.path.name} does not import {test.exercise.topic}")
        try:
            if loader.executed:
                loader.execute(module)
            else:
                try:
                    with (
                        no_escape(self.clock.demand_time_left),
                        no_side_effects(self._state_before(item)),
                        no_changes(self._changes(item)),
                    ):
                        loader.execute(module)
                finally:
                    self.config.hook.pytest_answer_executed()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            loader.failure = error
            raise BrokenFile from error
        if not hasattr(module, test.task):
            raise MissingTask(test.task)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the verdict into the report, in plain values that travel between processes."""
        if call.when == "call":
            # The test's time limit would otherwise end pytest itself, while it writes the report.
            ignore_alarm()
        report = yield
        test = item.stash.get(TEST, None)
        if test is None:
            return report
        make_visible(report)
        if report.when != "call" and not report.failed:
            return report
        error = call.excinfo.value if call.excinfo else None
        if error is None and self.through is not item:
            why = "".join(f": {phrase}" for phrase in self._changed())
            error = Escape(f"the test did not run to its end{why}")
        verdict = stopped_if_lost(self.verdicts.verdict(item, test, error), item)
        if verdict.state != State.DONE and not report.failed:
            report.outcome, report.longrepr = "failed", verdict_text(verdict)
        printed = report.capstdout.splitlines() if report.failed else []
        known = [(name, value) for name, value in item.user_properties if name != "state"]
        item.user_properties = [*known, ("state", str(verdict.state))]
        report.user_properties = list(item.user_properties)
        # A report takes any attribute, and carries it between processes.
        report.verdict = verdict.as_dict() | {"printed": printed}  # type: ignore[attr-defined]
        return report


def _seed(item: pytest.Item) -> None:
    import numpy as np
    import torch

    from gradkata.checks.samples import seed_samples

    # Of the name, not of the path or the order: a test draws the same numbers wherever it runs.
    seed = zlib.crc32(f"{item.config.getoption('seed')} {item.name}".encode())
    seed_samples(seed)
    # torch.manual_seed looks at every kind of device there may be, for 2 ms a test.
    on_cpu = item.config.getoption("device") == "cpu"
    (torch.default_generator.manual_seed if on_cpu else torch.manual_seed)(seed)
    np.random.seed(seed)
    random.seed(seed)
