"""Canaries: known wrong answers that are judged after a learner's, in the same process.

Whoever has patched what judges, so that wrong is right, has these judged right too. They are sent
when the learner's tests have their verdicts, and not before. Those of the course are its kept
wrong answers; a course that has none has such that return nothing.
"""

from __future__ import annotations

import ast
import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gradkata.course import Exercise, definitions
from gradkata.course.kept import read_kept

KEPT = "tests/wrong_answers"
MOST = 2  # for each task
_TRIED = 5  # for each task
_LONGEST = 1 << 15  # characters of all texts: a pipe takes them at once


@dataclass(frozen=True)
class Canary:
    """A wrong answer to one task.

    Args:
        task: its name.
        text: what replaces the task in the exercise's stub.
        says: phrases that its verdict must hold.
        test: the one that finds it wrong; empty if that is still to be found out.
    """

    task: str
    text: str
    says: tuple[str, ...] = ()
    test: str = ""


@dataclass(frozen=True)
class Canaries:
    """Those of one exercise.

    Args:
        stub: what else there is in their module.
        each: the canaries.
        tries: whether they are only tried, and the answer is an honest one.
    """

    stub: str
    each: tuple[Canary, ...]
    tries: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Canaries:
        """Return what `as_dict` made these values of."""
        each = [Canary(**{**of, "says": tuple(of["says"])}) for of in values["each"]]
        return cls(values["stub"], tuple(each), values["tries"])

    def lacking(self, exercise: Exercise) -> list[str]:
        """Return the tasks of an exercise that have none."""
        having = {canary.task for canary in self.each}
        return [task for task in exercise.tasks if task not in having]

    def line(self) -> bytes:
        """Return the line for a worker: the texts, and not the verdicts that are due."""
        told = [{"task": c.task, "text": c.text, "test": c.test} for c in self.each]
        return json.dumps({"stub": self.stub, "each": told, "tries": self.tries}).encode() + b"\n"


NONE = Canaries("", ())


def candidates(root: Path, exercise: Exercise) -> Canaries:
    """Return canaries that are still to be tried, some for each task.

    Args:
        root: the course, with its kept wrong answers.
        exercise: in the copy that judges, with its stub.
    """
    stub = exercise.file.read_text(encoding="utf-8") if exercise.file.is_file() else ""
    try:
        defined = definitions(stub)
    except SyntaxError:
        return NONE
    kept: dict[str, list[Canary]] = {task: [] for task in exercise.tasks}
    for file in sorted((root / KEPT / exercise.name).glob("*.py")):
        with contextlib.suppress(OSError, ValueError, SyntaxError):
            answer = read_kept(file)
            if answer.task in kept and answer.says:
                kept[answer.task].append(Canary(answer.task, answer.text, answer.says))
    each: list[Canary] = []
    for task, own in kept.items():
        own.sort(key=lambda canary: len(canary.text))
        if task in defined:
            each += [*_that_differ(own)[:_TRIED], _empty(task, stub)]
    return Canaries(stub, tuple(each), tries=True)


def _that_differ(canaries: Sequence[Canary]) -> list[Canary]:
    """Leave out canaries whose verdicts must hold the same phrases as an earlier one's."""
    return list({canary.says: canary for canary in reversed(canaries)}.values())[::-1]


def _empty(task: str, stub: str) -> Canary:
    """Return an answer that gives nothing, or a class that has nothing."""
    nodes = {getattr(node, "name", ""): node for node in ast.parse(stub).body}
    if isinstance(nodes[task], ast.ClassDef):
        return Canary(task, f"class {task}: pass\n")
    return Canary(task, f"def {task}(*args, **kwargs): return None\n")


def chosen(tried: Canaries, runs: Sequence[Mapping[str, Any]]) -> Canaries:
    """Return the canaries that were judged wrong as they should be, on every seed.

    Args:
        tried: candidates.
        runs: what came of each in one judgement of an honest answer, for each seed.
    """
    found: dict[str, list[Canary]] = {}
    for number, canary in enumerate(tried.each):
        verdicts = [_verdict(run["canaries"], number) for run in runs]
        tests = {verdict["test"] for verdict in verdicts if _is_as_known(canary, verdict)}
        if verdicts and len(tests) == 1 and all(_is_as_known(canary, v) for v in verdicts):
            found.setdefault(canary.task, []).append(replace(canary, test=tests.pop()))
    each: list[Canary] = []
    for own in found.values():
        # Through other tests, which compare in other ways.
        apart = list({canary.test: canary for canary in reversed(own)}.values())[::-1]
        each += [*apart, *(canary for canary in own if canary not in apart)][:MOST]
    return Canaries(tried.stub, tuple(_in_bounds(each, len(tried.stub))))


def _in_bounds(each: Sequence[Canary], taken: int) -> Iterator[Canary]:
    for canary in each:
        taken += len(canary.text)
        if taken <= _LONGEST:
            yield canary


def _verdict(said: Sequence[Mapping[str, Any]], number: int) -> dict[str, Any]:
    return next((dict(m["verdict"]) for m in said if m["canary"] == number), {})


def _is_as_known(canary: Canary, verdict: Mapping[str, Any]) -> bool:
    text = "\n".join(verdict.get("lines", []))
    return verdict.get("state") == "wrong" and all(phrase in text for phrase in canary.says)


def amiss(canaries: Canaries, run: Mapping[str, Any]) -> str:
    """Return the task whose canaries were not judged wrong, though it is done; empty if none.

    Args:
        canaries: that were sent.
        run: what a server has said of an answer on one seed.
    """
    done = {task["task"] for task in run["record"]["tasks"] if task["state"] == "done"}
    for number, canary in enumerate(canaries.each):
        verdicts = [said["verdict"] for said in run["canaries"] if said["canary"] == number]
        as_known = verdicts and all(_is_as_known(canary, verdict) for verdict in verdicts)
        if canary.task in done and not as_known:
            return canary.task
    return ""
