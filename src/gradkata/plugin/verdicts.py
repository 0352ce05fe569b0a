"""Turn what a test raised into its verdict, and pytest's report into what may be shown."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from gradkata.display import made_visible, verdict_text, visible_output
from gradkata.errors import LIMIT, NO_END, Endless, is_long, name_of, time_limit
from gradkata.plugin.escapes import watched_interrupts
from gradkata.plugin.explain import BrokenFile, explain
from gradkata.plugin.tasks import TEST, TaskTest, place_of, shown_path, test_name
from gradkata.results import State, Verdict


class Verdicts:
    """The verdict of each test; an error is explained once.

    `totals` says how many tests a file has, and `endless` which tasks do not end, by the names
    of the exercise and the task.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.totals: dict[Path, int] = {}
        self.endless: dict[tuple[str, str], BaseException] = {}
        self.explained: tuple[BaseException | None, str, dict[str, Any]] = None, "", {}
        self.last: tuple[pytest.Item | None, BaseException | None, Verdict | None]
        self.last = None, None, None

    def verdict(self, item: pytest.Item, test: TaskTest, error: BaseException | None) -> Verdict:
        """Return the verdict of a test that has ended, with this error or well.

        Of an error it is asked twice, for the report's text and for what travels.
        """
        before, raised, verdict = self.last
        if verdict is not None and before is item and raised is error:
            return verdict
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
            total=self.totals.get(item.path) or 1,
            file=shown_path(test.file, self.config),
            **found,
        )
        if error is None:
            return verdict
        verdict = made_visible(verdict)
        self.last = item, error, verdict
        return verdict

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

    @contextlib.contextmanager
    def stopped_once(self, test: TaskTest) -> Iterator[None]:
        """Let an endless task run into its limit once, not once for each of its tests."""
        try:
            yield
        except pytest.fail.Exception as stopped:
            if "Timeout" in str(stopped):
                self.endless[test.exercise.name, test.task] = stopped
            raise

    def words_for(self, item: pytest.Item, usual: Callable[..., Any]) -> Callable[..., Any]:
        """Return what tells a failure in our words, and with `--full-trace` in pytest's."""

        def words(excinfo: pytest.ExceptionInfo[BaseException], *_: object) -> Any:
            verdict = self.verdict(item, item.stash[TEST], excinfo.value)
            # pytest itself takes any text for one that can be told.
            if self.config.getoption("fulltrace", False) and _can_be_told(excinfo.value):
                with contextlib.suppress(Exception, Endless), time_limit(LIMIT):
                    return usual(excinfo)
            return verdict_text(verdict)

        return words


def make_visible(report: pytest.TestReport) -> None:
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


def _can_be_told(error: BaseException) -> bool:
    with watched_interrupts() as pressed:
        try:
            return not is_long(error)
        except BaseException:  # from what a learner has made of the error
            if pressed:
                raise
            return False


def _has_no_end(lines: Sequence[str]) -> bool:
    return any(NO_END in line for line in lines)
