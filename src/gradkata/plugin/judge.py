"""Run each test on a learner's answer, and put its verdict into the report."""

from __future__ import annotations

import contextlib
import gc
import re
import sys
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradkata.answers import AnswerFinder, AnswerLoader
from gradkata.course import Exercise
from gradkata.display import made_visible, verdict_text, visible_output
from gradkata.errors import LIMIT, NO_END, Endless, name_of, time_limit
from gradkata.plugin.escapes import (
    guards_of,
    no_changes,
    no_escape,
    no_side_effects,
    watched_interrupts,
)
from gradkata.plugin.explain import BrokenFile, Escape, MissingTask, explain
from gradkata.plugin.files import TestFiles
from gradkata.plugin.streams import lent_streams
from gradkata.plugin.tasks import (
    TEST,
    TaskTest,
    fixtures_of,
    items_of,
    place_of,
    shown_path,
    task_of,
    test_name,
)
from gradkata.plugin.untouched import Untouched, around, harness
from gradkata.results import State, Verdict

if TYPE_CHECKING:
    from gradkata.plugin.global_state import GlobalState


class Judge:
    """Runs each test on a learner's answer, and turns its outcome into a verdict."""

    def __init__(self, config: pytest.Config, found: tuple[Exercise, ...]) -> None:
        self.config = config
        self.answers = Path(config.getoption("answers"))
        self.by_folder = {exercise.tests: exercise for exercise in found}
        self.finder = AnswerFinder({e.topic: e.answer_in(self.answers) for e in found})
        self.limit = 0.0
        self.started = 0.0
        self.totals: dict[Path, int] = {}
        self.state: GlobalState | None = None
        self.endless: dict[tuple[str, str], BaseException] = {}
        self.is_last_of_task = True
        self.through: pytest.Item | None = None
        self.changed: list[str] = []
        self.harness: Untouched | None = None
        self.around: Untouched | None = None
        self.tests: dict[Path, TestFiles] = {}
        self.explained: tuple[BaseException | None, str, dict[str, Any]] = None, "", {}
        self.finder.install()
        # A thread is a daemon if the one that starts it is: an endless one then holds up no exit.
        vars(threading.main_thread())["_daemonic"] = True

    def pytest_unconfigure(self) -> None:
        """Leave no module of a learner behind."""
        vars(threading.main_thread())["_daemonic"] = False
        self.finder.remove()

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Count each task's tests before `--lf`, `-k` or a test's name leaves some of them out."""
        report = yield
        if isinstance(collector, pytest.Module) and collector.path.parent in self.by_folder:
            found = (item for node in report.result for item in items_of(node))
            self.totals[collector.path] = sum(task_of(item) is not None for item in found)
        return report

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Tie each test to its task; reports and JUnit get both as properties."""
        exercise, task = self.by_folder.get(item.path.parent), task_of(item)
        if exercise is not None and task is not None:
            item.stash[TEST] = TaskTest(exercise, task, exercise.answer_in(self.answers))
            item.extra_keyword_matches.add(task)
            item.user_properties += [("exercise", exercise.name), ("task", task)]
            # Formatting a traceback that is then thrown away would cost more than the test.
            item.repr_failure = self._words_for(item, item.repr_failure)  # type: ignore[method-assign]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put each exercise's tests into the order of its tasks, the easier ones first."""
        exercises = list(dict.fromkeys(item.path.parent for item in items))
        order = {e.tests: e.tasks for e in self.by_folder.values() if e.tests in exercises}

        def place(item: pytest.Item) -> tuple[int, int]:
            tasks, task = order.get(item.path.parent, ()), task_of(item)
            return exercises.index(item.path.parent), tasks.index(task) if task in tasks else 0

        items.sort(key=place)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Import torch before a test's time runs, and take it out of every garbage collection."""
        judged = [item for item in session.items if TEST in item.stash]
        if judged:
            import gradkata.checks  # noqa: F401 — one of the modules that are looked at
            from gradkata.plugin.global_state import GlobalState

            self.state = GlobalState()
            self.harness, self.around = Untouched(harness()), Untouched(around())
            for folder in {item.path.parent for item in judged}:
                self.tests[folder] = TestFiles([i for i in judged if i.path.parent == folder])
            gc.freeze()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Note when a test starts, before its time limit does, and if it is its task's last."""
        self.started, self.limit = time.monotonic(), 0.0
        self.changed = []
        self.is_last_of_task = nextitem is None or task_of(nextitem) != task_of(item)
        return (yield)

    @pytest.hookimpl(wrapper=True, optionalhook=True)
    def pytest_timeout_set_timer(self, settings: Any) -> Generator[None, object, object]:
        """Note the test's own limit; without one this hook is not called."""
        self.limit = settings.timeout
        return (yield)

    def pytest_enter_pdb(self) -> None:
        """Lift the limit for whoever looks around."""
        self.limit = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """Run the learner's file and then the test, and let nothing that they do get past."""
        test = pyfuncitem.stash.get(TEST, None)
        if test is None:
            return (yield)
        self._seed(pyfuncitem)
        changes = self._changes(pyfuncitem, thorough=self.is_last_of_task)
        next(changes)
        try:
            with lent_streams():
                self._prepare(test, pyfuncitem)
                with (
                    self._stopped_once(test),
                    no_side_effects(self._state_before(pyfuncitem)),
                    no_escape(self._demand_time_left),
                    guards_of(pyfuncitem),
                ):
                    result = yield
        finally:
            self.changed = next(changes)
        if self.changed:
            raise Escape(f"it leaves a change behind: {'; '.join(self.changed)}")
        self.through = pyfuncitem
        return result

    def _changes(self, item: pytest.Item, *, thorough: bool) -> Generator[list[str], None, None]:
        """Yield nothing and then, for each change in what judges, a phrase; it is put back."""
        assert self.harness is not None
        assert self.around is not None
        tests = self.tests[item.path.parent]
        looked_at = [self.harness, tests.modules, *([self.around] if thorough else [])]
        of_each = [modules.changes(thorough=thorough) for modules in looked_at]
        yield [phrase for changes in of_each for phrase in next(changes)]
        changed = [phrase for changes in of_each for phrase in next(changes)]
        yield [*changed, *tests.changes()]

    def _state_before(self, item: pytest.Function) -> GlobalState:
        """Return the global state of now, which costs less if no fixture can have changed it."""
        from gradkata.plugin.global_state import GlobalState

        alone = fixtures_of(item) <= {"device", "request"}
        self.state = GlobalState(after=self.state if alone else None)
        return self.state

    def _seed(self, item: pytest.Item) -> None:
        import numpy as np
        import torch

        from gradkata.checks.samples import seed_samples

        # Of the name, not of the path or the order: a test draws the same numbers wherever it runs.
        seed = zlib.crc32(f"{self.config.getoption('seed')} {item.name}".encode())
        seed_samples(seed)
        # torch.manual_seed looks at every kind of device there may be, for 2 ms a test.
        on_cpu = self.config.getoption("device") == "cpu"
        (torch.default_generator.manual_seed if on_cpu else torch.manual_seed)(seed)
        np.random.seed(seed)

    def _prepare(self, test: TaskTest, item: pytest.Function) -> None:
        """Run the learner's file if it has not run yet, and demand that it has the task."""
        if (test.exercise.name, test.task) in self.endless:
            raise self.endless[test.exercise.name, test.task]
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
                        no_escape(self._demand_time_left),
                        no_side_effects(self._state_before(item)),
                        no_changes(self._changes(item, thorough=True)),
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

    def _demand_time_left(self) -> None:
        """Fail what swallowed the exception of the time limit."""
        if self.limit and time.monotonic() - self.started >= self.limit:
            raise Escape(
                f"it does not end: stopped after {self.limit:g} s, and went on all the same"
            )

    @contextlib.contextmanager
    def _stopped_once(self, test: TaskTest) -> Iterator[None]:
        """Wait for an endless task once, not once for each of its tests."""
        try:
            yield
        except pytest.fail.Exception as stopped:
            if "Timeout" in str(stopped):
                self.endless[test.exercise.name, test.task] = stopped
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the verdict into the report, in plain values that travel between processes."""
        report = yield
        test = item.stash.get(TEST, None)
        if test is None:
            return report
        _make_visible(report)
        if report.when != "call" and not report.failed:
            return report
        error = call.excinfo.value if call.excinfo else None
        if error is None and self.through is not item:
            error = Escape(f"the test did not run to its end{self._why_not(item)}")
        verdict = self._verdict(item, test, error)
        if verdict.state != State.DONE and not report.failed:
            report.outcome, report.longrepr = "failed", verdict_text(verdict)
        printed = report.capstdout.splitlines() if report.failed else []
        known = [(name, value) for name, value in item.user_properties if name != "state"]
        item.user_properties = [*known, ("state", str(verdict.state))]
        report.user_properties = list(item.user_properties)
        vars(report)["verdict"] = verdict.as_dict() | {"printed": printed}
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Replace a warning's class if only the learner's module has it: xdist asks for it."""
        kind = warning_message.category
        if isinstance(getattr(sys.modules.get(kind.__module__), "__loader__", None), AnswerLoader):
            warning_message.message = f"{kind.__name__}: {warning_message.message}"
            warning_message.category = UserWarning

    def _why_not(self, item: pytest.Item) -> str:
        *_, now = self._changes(item, thorough=True)
        changed = [*self.changed, *now]
        return f": {'; '.join(changed)}" if changed else ""

    def _words_for(self, item: pytest.Item, usual: Callable[..., Any]) -> Callable[..., Any]:
        def words(excinfo: pytest.ExceptionInfo[BaseException], *_: object) -> Any:
            verdict = self._verdict(item, item.stash[TEST], excinfo.value)
            if self.config.getoption("fulltrace", False) and not _has_no_end(verdict.lines):
                # pytest itself takes any text for one that can be told.
                with contextlib.suppress(Exception, Endless), time_limit(LIMIT):
                    return usual(excinfo)
            return verdict_text(verdict)

        return words

    def _explained(self, error: BaseException, test: TaskTest) -> dict[str, Any]:
        """Explain an error once, and remember a task whose error has a text without end."""
        # Of a file that cannot be run, each test raises the same failure anew.
        broken = isinstance(error, BrokenFile) and error.__cause__ is not None
        origin, task = (error.__cause__, "") if broken else (error, test.task)
        if origin is not self.explained[0] or task != self.explained[1]:
            self.explained = origin, task, _explained(error, test)
        found = self.explained[2]
        if _has_no_end(found.get("lines", ())):
            self.endless.setdefault((test.exercise.name, test.task), error)
        return found

    def _verdict(self, item: pytest.Item, test: TaskTest, error: BaseException | None) -> Verdict:
        found: dict[str, Any] = {"state": State.DONE}
        name = test_name(item)
        if error is not None:
            found = self._explained(error, test)
            if found["state"] == State.WRONG and not found.get("whole_file"):
                found = found | {"found_at": place_of(test.exercise, name, self.config)}
        verdict = Verdict(
            exercise=test.exercise.name,
            task=test.task,
            test=name,
            of=self.totals.get(item.path) or 1,
            file=shown_path(test.file, self.config),
            **found,
        )
        return made_visible(verdict) if error is not None else verdict


def _make_visible(report: pytest.TestReport) -> None:
    """Let nothing that was printed, or stands in a traceback, drive a terminal."""
    report.longrepr = made_visible(report.longrepr)
    report.sections = [(title, _visible_section(title, text)) for title, text in report.sections]


def _visible_section(title: str, text: str) -> str:
    return visible_output(_LEVEL.sub(r"\1", text) if " log " in title else text)


# As pytest paints the level of what was logged.
_LEVEL = re.compile(r"(?:\x1b\[[\d;]*m)+([A-Z]+ *)\x1b\[0m")


def _explained(error: BaseException, test: TaskTest) -> dict[str, Any]:
    with watched_interrupts() as pressed:
        try:
            with time_limit(2 * LIMIT):
                return explain(error, test.exercise, test.task, test.file)
        except BaseException as unsaid:  # from what a learner has made of the error
            if pressed:
                raise
            words = f"{name_of(error)}, whose text raises {name_of(unsaid)}"
            return {"state": State.WRONG, "lines": [words]}


def _has_no_end(lines: Sequence[str]) -> bool:
    return any(NO_END in line for line in lines)
