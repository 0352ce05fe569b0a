"""The wrong and the right answers on file: each replaces one task of a solution."""

from __future__ import annotations

import ast
import atexit
import functools
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from judging import ROOT

from gradkata.course import Exercise, exercises
from gradkata.course.kept import Kept, read_kept
from gradkata.grading.server import NO_CANARIES
from gradkata.judging.protocol import Limits
from gradkata.judging.runner import get_the_rest_ready

TESTS = ROOT / "tests"
# The machine may be busy with other tests.
PATIENT = Limits(seconds=180)
# Opens the name of a mistake whose result is exactly the learner's.
NAMED = "This is exactly what you get when "
COURSE = exercises(ROOT)


@dataclass(frozen=True)
class KeptAnswer:
    """One file under `wrong_answers` or `right_answers`.

    What follows its docstring replaces the task in the solution.
    """

    exercise: Exercise
    path: Path

    @property
    def id(self) -> str:
        """Its name in pytest's output."""
        return f"{self.exercise.name}/{self.path.stem}"

    @functools.cached_property
    def kept(self) -> Kept:
        """What the file keeps."""
        return read_kept(self.path)

    @property
    def task(self) -> str:
        """The task that it answers."""
        return self.kept.task

    @functools.cached_property
    def calls(self) -> set[str]:
        """The other tasks that it calls."""
        others = {task for task in self.exercise.tasks if task in self.kept.text} - {self.task}
        if not others:
            return others
        names = [n for n in ast.walk(ast.parse(self.kept.text)) if isinstance(n, ast.Name)]
        return others & {n.id for n in names} - {n.id for n in names if _is_store(n)}

    @property
    def says(self) -> tuple[str, ...]:
        """The words that its verdict must contain."""
        return self.kept.says


class Server:
    """What judges a cohort: it collects an exercise's tests once, for all answers to it.

    Here it takes the tests as they lie, committed or not, where grading takes a copy.
    """

    def __init__(self, device: str) -> None:
        command = [sys.executable, "-m", "gradkata.grading.server"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.answers = tempfile.TemporaryDirectory()
        serves = {"root": str(ROOT), "answers": self.answers.name, "device": device}
        self._ask(serves | {"limits": asdict(PATIENT), "isolates": False, "many": True})

    def judge(
        self, exercise: Exercise, text: str, seed: int, tasks: Sequence[str]
    ) -> dict[str, Any]:
        """Return what it says of an answer to some tasks."""
        asked = {"exercise": exercise.name, "seed": seed, "tasks": list(tasks)}
        return self._ask(asked | {"text": text.encode().decode("latin-1")})

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what it answers; of canaries it is told none."""
        assert self.process.stdin
        assert self.process.stdout
        line = json.dumps(asked) + "\n"
        while True:
            self.process.stdin.write(line)
            self.process.stdin.flush()
            told: dict[str, Any] = json.loads(self.process.stdout.readline())
            if "failed" in told:
                raise RuntimeError(told["failed"])
            if "asks" not in told:
                return told
            line = NO_CANARIES.decode()

    def close(self) -> None:
        """End it."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()
        self.answers.cleanup()


@functools.cache
def server(device: str) -> Server:
    """Return the one of this process."""
    started = Server(device)
    atexit.register(started.close)
    return started


@functools.cache
def get_ready() -> None:
    """Import once what any exercise may need: else each judgement would import its own part."""
    get_the_rest_ready()


def text_of(kept: Sequence[KeptAnswer]) -> str:
    """Return the solution of an exercise with these answers in place of ours."""
    text = kept[0].exercise.solution.read_text(encoding="utf-8")
    for answer in kept:
        text = _replace_task(text, answer.task, answer.kept.text)
    return text


def write(kept: Sequence[KeptAnswer], answers: Path) -> None:
    """Write the solution of an exercise with these answers in place of ours."""
    target = kept[0].exercise.answer_in(answers)
    target.parent.mkdir(parents=True)
    target.write_text(text_of(kept), encoding="utf-8")


def batches(answers: Sequence[KeptAnswer]) -> list[list[KeptAnswer]]:
    """Divide answers into batches that can be judged together, in one file.

    A batch has one answer for a task at most.
    """
    found: dict[str, list[_Batch]] = {}
    for answer in answers:
        of_exercise = found.setdefault(answer.exercise.name, [])
        home = next((batch for batch in of_exercise if batch.fits(answer)), None)
        if home is None:
            home = _Batch(answer.exercise)
            of_exercise.append(home)
        home.add(answer)
    return [batch.answers for batches in found.values() for batch in batches]


class _Batch:
    """Answers for one file. What one calls by a name, another must not call something else.

    So one that calls another task stands with our solution of that task.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.answers: list[KeptAnswer] = []
        self.tasks: set[str] = set()
        self.called: set[str] = set()
        self.names = dict(_names(exercise.solution, exercise.tasks))

    def fits(self, answer: KeptAnswer) -> bool:
        if answer.task in self.tasks | self.called or not answer.calls.isdisjoint(self.tasks):
            return False
        own = _names(answer.path, self.exercise.tasks)
        return all(self.names.get(name, meaning) == meaning for name, meaning in own.items())

    def add(self, answer: KeptAnswer) -> None:
        self.answers.append(answer)
        self.tasks.add(answer.task)
        self.called |= answer.calls
        self.names |= _names(answer.path, self.exercise.tasks)


@functools.cache
def _names(file: Path, tasks: tuple[str, ...]) -> dict[str, str]:
    """Return what a file binds at its top beside tasks: each name and the statement's text."""
    names = {}
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                full = f"{getattr(node, 'module', '')}.{alias.name}"
                names[alias.asname or alias.name] = full
        else:
            bound = {n.id for n in ast.walk(node) if _is_store(n)} if _is_plain(node) else set()
            statement = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            names |= dict.fromkeys(bound | {getattr(node, "name", "")}, statement)
    return {name: text for name, text in names.items() if name and name not in tasks}


def _is_plain(node: ast.stmt) -> bool:
    return not isinstance(node, ast.FunctionDef | ast.ClassDef)


def _is_store(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def kept(folder: str) -> list[KeptAnswer]:
    """Return every answer under `tests/<folder>`, in order."""
    return [
        KeptAnswer(exercise, path)
        for exercise in COURSE
        for path in sorted((TESTS / folder / exercise.name).glob("*.py"))
    ]


def _replace_task(solution: str, task: str, body: str) -> str:
    (node,) = [n for n in ast.parse(solution).body if getattr(n, "name", None) == task]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    lines = solution.splitlines(keepends=True)
    return "".join([*lines[: first - 1], body.strip("\n") + "\n", *lines[node.end_lineno :]])
