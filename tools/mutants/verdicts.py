"""Which mutants of an exercise its tests let pass, judged as a learner's answers are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from gradkata.course import Exercise, Part
from gradkata.judging.protocol import Limits
from gradkata.judging.runner import judge
from gradkata.results import Outcome, Record, State

from .mutation import Mutant

ROOT = Path(__file__).resolve().parents[2]

# A loop without an end is stopped after half of these seconds; then it is given more, alone, for
# the machine may be busy.
SHORT, PATIENT = Limits(seconds=6), Limits(seconds=40)
ENDLESS = "it does not end"

# What is wrong stays wrong: after a task's first failure the rest of its tests do nothing.
FIRST_FAILURE_ENDS = """

_FAILED = set()


def pytest_runtest_logreport(report):
    if report.failed:
        _FAILED.add(report.nodeid.partition("::")[0])


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    return pyfuncitem.nodeid.partition("::")[0] in _FAILED or None
"""


@contextmanager
def hasty(exercise: Exercise) -> Iterator[Exercise]:
    """Copy an exercise into a course where a task ends with its first failure."""
    with tempfile.TemporaryDirectory(prefix="gradkata-mutants-") as folder:
        copy = Exercise(Path(folder), exercise.name)
        shutil.copytree(exercise.folder, copy.folder)
        copy.solution.parent.mkdir(parents=True)
        shutil.copy(exercise.solution, copy.solution)
        shutil.copy(exercise.root / "pyproject.toml", folder)
        conftest = (ROOT / "conftest.py").read_text(encoding="utf-8")
        (copy.root / "conftest.py").write_text(conftest + FIRST_FAILURE_ENDS, encoding="utf-8")
        yield copy


class NotSound(Exception):
    """The solution itself does not pass, and so nothing can be said of its mutants."""


def survivors(exercise: Exercise, mutants: Sequence[Mutant], *, workers: int) -> list[Mutant]:
    """Return the mutants that pass all tests of their task, in their order.

    Each file that is judged has a mutant in place of each of several tasks, and only the tests of
    these run.
    """
    tasks = {mutant.task.name: mutant.task for mutant in mutants}
    unchanged = [Mutant(task, "", task.text) for task in tasks.values()]
    with hasty(exercise) as copy, ThreadPoolExecutor(workers) as pool:
        passed = _passing(copy, unchanged)
        if len(passed) < len(unchanged):
            names = [m.task.name for m in unchanged if m not in passed]
            raise NotSound(f"{exercise.name}: the solution of {', '.join(names)} does not pass")
        found = pool.map(lambda batch: _passing(copy, batch), list(_batches(mutants)))
        survived = {mutant for passed in found for mutant in passed}
    return [mutant for mutant in mutants if mutant in survived]


def _batches(mutants: Sequence[Mutant]) -> Iterator[list[Mutant]]:
    """Yield mutants that can stand in one file: one of each task at most."""
    by_task: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        by_task.setdefault(mutant.task.name, []).append(mutant)
    for batch in zip_longest(*by_task.values()):
        yield [mutant for mutant in batch if mutant is not None]


def _passing(exercise: Exercise, batch: Sequence[Mutant], limits: Limits = SHORT) -> list[Mutant]:
    record = _record(exercise, batch, limits)
    if record.outcome != Outcome.OK and len(batch) > 1:
        # One that breaks the file, or ends the process, must not take others with it.
        return [m for mutant in batch for m in _passing(exercise, [mutant])]
    found = {task.task: task for task in record.tasks}
    late = [m for m in batch if any(ENDLESS in line for line in found[m.task.name].lines)]
    if limits is PATIENT:
        late = []
    passed = [m for m in batch if found[m.task.name].state == State.DONE]
    return passed + [m for mutant in late for m in _passing(exercise, [mutant], PATIENT)]


def _record(exercise: Exercise, batch: Sequence[Mutant], limits: Limits) -> Record:
    lines = exercise.solution.read_text(encoding="utf-8").splitlines(keepends=True)
    for mutant in sorted(batch, key=lambda mutant: -mutant.task.first_line):
        first = mutant.task.first_line - 1
        count = len(mutant.task.text.splitlines())
        lines[first : first + count] = [mutant.text.rstrip("\n") + "\n"]
    with tempfile.TemporaryDirectory(prefix="gradkata-mutants-") as folder:
        part = Part(exercise.root, exercise.name, tuple(m.task.name for m in batch))
        answer = part.answer_in(Path(folder))
        answer.parent.mkdir()
        answer.write_text("".join(lines), encoding="utf-8")
        return judge(part, Path(folder), limits=limits)
