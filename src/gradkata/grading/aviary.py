"""Judge canaries in a worker, after the learner's answer, by what has judged that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from types import ModuleType
from typing import Any

from gradkata.plugin.tasks import task_of


class Aviary:
    """Puts known wrong answers in the place of the learner's, and says what came of each.

    Args:
        tests: every test of the tasks, by name.
        module: the learner's, which the tests have imported.
        reporter: the plugin whose messages tell of a test; they tell of canaries from now on.
    """

    def __init__(self, tests: Mapping[str, Any], module: ModuleType | None, reporter: Any) -> None:
        self.tests = tests
        self.module = module
        self.reporter = reporter
        self.hold: Callable[..., None] = reporter.messenger.hold

    def judge(self, told: Mapping[str, Any]) -> None:
        """Judge each canary of a task that is here, until a test finds it wrong."""
        tasks = {task_of(item) for item in self.tests.values()}
        numbered = [(n, canary) for n, canary in enumerate(told["each"]) if canary["task"] in tasks]
        if not numbered or self.module is None:
            return
        usual = self.reporter.messenger, self.reporter.seconds
        last = self.reporter.messenger = _LastVerdict()
        self.reporter.seconds = _Unbounded()
        namespace = vars(self.module)
        for name in [name for name in namespace if not name.startswith("__")]:
            del namespace[name]
        _run(told["stub"], namespace)
        for task, own in groupby(numbered, key=lambda pair: str(pair[1]["task"])):
            as_it_was = namespace.get(task)
            for number, canary in own:
                _run(canary["text"], namespace)
                self._run_tests(task, canary["test"], last)
                self.hold(kind="canary", canary=number, verdict=last.verdict)
            namespace[task] = as_it_was
        self.reporter.messenger, self.reporter.seconds = usual

    def _run_tests(self, task: str, test: str, last: _LastVerdict) -> None:
        for item in self._tests_of(task, test):
            self.reporter.wrong.clear()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if last.verdict.get("state", "done") != "done":
                return

    def _tests_of(self, task: str, test: str) -> Sequence[Any]:
        if test:
            return [self.tests[test]] if test in self.tests else []
        return [item for item in self.tests.values() if task_of(item) == task]


class _LastVerdict:
    """Stands in for what sends messages, and keeps the last verdict."""

    def __init__(self) -> None:
        self.verdict: dict[str, Any] = {}

    def send(self, *, kind: str, **_: Any) -> None:
        """Forget the verdict of the test before."""
        if kind == "start":
            self.verdict = {}

    def hold(self, *, kind: str, **message: Any) -> None:
        """Keep a verdict."""
        if kind == "verdict":
            self.verdict = message["verdict"]


class _Unbounded(dict[str, float]):
    """Stands in for how long each test may take; what watches keeps to what it was told last."""

    def __missing__(self, _: str) -> float:
        return 0.0

    def pop(self, *_: Any) -> float:
        """Forget nothing, as there is nothing."""
        return 0.0


def _run(text: str, namespace: dict[str, Any]) -> None:
    exec(compile(text, str(namespace.get("__file__", "")), "exec"), namespace)
