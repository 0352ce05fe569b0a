"""Tie each test that is collected to its task, order them by task, and keep reports portable."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Generator
from pathlib import Path

import pytest

from gradkata.answers import AnswerLoader
from gradkata.course import Exercise
from gradkata.plugin.tasks import TEST, TaskTest, items_of, task_of
from gradkata.plugin.verdicts import Verdicts

COLLECTED = pytest.StashKey[int]()  # its number, in the order in which tests were found


class Collection:
    """Counts, ties and orders the tests of exercises."""

    def __init__(
        self, config: pytest.Config, found: tuple[Exercise, ...], verdicts: Verdicts
    ) -> None:
        self.answers = Path(config.getoption("answers"))
        self.by_folder = {exercise.tests: exercise for exercise in found}
        self.learners = {exercise.file for exercise in found}
        self.verdicts = verdicts
        self.collected = 0

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Take no answer for a test, such as `write_the_test.py`, whose name is as one's."""
        return True if collection_path in self.learners else None

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Count each task's tests before `--lf`, `-k` or a test's name leaves some of them out."""
        report = yield
        if isinstance(collector, pytest.Module) and collector.path.parent in self.by_folder:
            found = (item for node in report.result for item in items_of(node))
            self.verdicts.totals[collector.path] = sum(task_of(item) is not None for item in found)
        return report

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Tie each test to its task; reports and JUnit get both as properties."""
        self.collected += 1
        item.stash[COLLECTED] = self.collected
        exercise, task = self.by_folder.get(item.path.parent), task_of(item)
        if exercise is not None and task is not None:
            item.stash[TEST] = TaskTest(exercise, task, exercise.answer_in(self.answers))
            item.extra_keyword_matches.add(task)
            item.user_properties += [("exercise", exercise.name), ("task", task)]
            # Formatting a traceback that is then thrown away would cost more than the test.
            item.repr_failure = self.verdicts.words_for(item, item.repr_failure)  # type: ignore[method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        """Put each exercise's tests into the order of its tasks, the easier ones first.

        A file's plain cases come first, and a learner sees the first failure; so the order is
        restored after a plugin that shuffles. pytest's own options apply later.
        """
        self._put_in_order(items)
        found = yield
        self._put_in_order(items)
        return found

    def _put_in_order(self, items: list[pytest.Item]) -> None:
        """Reorder the tests of exercises among themselves, and move no other test."""
        positions = [i for i, item in enumerate(items) if item.path.parent in self.by_folder]
        judged = sorted(
            (items[i] for i in positions), key=lambda item: item.stash.get(COLLECTED, 0)
        )
        exercises = list(dict.fromkeys(item.path.parent for item in judged))
        order = {folder: self.by_folder[folder].tasks for folder in exercises}

        def sort_key(item: pytest.Item) -> tuple[int, int]:
            tasks, task = order[item.path.parent], task_of(item)
            return exercises.index(item.path.parent), tasks.index(task) if task in tasks else 0

        for i, item in zip(positions, sorted(judged, key=sort_key), strict=True):
            items[i] = item

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Replace a warning's class if only the learner's module has it: xdist asks for it."""
        kind = warning_message.category
        if isinstance(getattr(sys.modules.get(kind.__module__), "__loader__", None), AnswerLoader):
            warning_message.message = f"{kind.__name__}: {warning_message.message}"
            warning_message.category = UserWarning
