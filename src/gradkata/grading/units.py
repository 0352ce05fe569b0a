"""Judge a unit, one answer to one exercise, by a judging server that is there or is started.

`judge_unit` takes plain data and gives plain data, so that any executor can call it: a thread, a
process, or one on another machine.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradkata.course import Exercise, find_root
from gradkata.grading import integrity, material, sandbox
from gradkata.grading.canaries import NONE, Canaries, amiss
from gradkata.grading.servers import Server, ServerLost, give_back, take
from gradkata.judging.protocol import Limits
from gradkata.results import Outcome, Record, State, TaskRecord


def start_server(unit: dict[str, Any]) -> None:
    """Start a server that can judge units like this one; what goes wrong is told by the first."""
    with contextlib.suppress(ServerLost):
        here = _Unit(Path(unit["root"]), unit)
        give_back(here.key, here.server())


def judge_unit(unit: dict[str, Any]) -> dict[str, Any]:
    """Judge one answer to one exercise, on each seed.

    Args:
        unit: `exercise`, `text` (as latin-1), `seeds`, `device`, `limits`, `sandbox`, `root` (a
            course on this machine, or empty for the one of the package), and `expects`, the
            digests of `tests` and `harness` and the version of `torch` that whoever asks has;
            `canaries` may be there; `imports`, the modules that an honest judgement imports, where
            they are known; `many`, whether many more are to come; and `run`, whose end `end_run`
            tells.

    Returns:
        `runs`, for each seed what a judging server says, and `runs_on`; or
            `failed`, a sentence on why this machine cannot judge.
    """
    root = Path(unit["root"]) if unit["root"] else find_root(Path(__file__).parent)
    if root is None:
        return {"failed": "no course is found on this machine"}
    if refused := _differs(root, unit):
        return {"failed": refused}
    if unit["sandbox"] and (why := sandbox.why_not()):
        return {"failed": f"no sandbox on this machine: {why}"}
    answer = _Unit(root, unit)
    try:
        runs = [answer.on(seed) for seed in unit["seeds"]]
    except CannotJudge as reason:
        return {"failed": str(reason)}
    return {"runs": runs, "runs_on": answer.runs_on}


class CannotJudge(Exception):
    """No answer can be judged on this machine; the text says why."""


class _Unit:
    """One answer, judged on one seed after another."""

    def __init__(self, root: Path, unit: dict[str, Any]) -> None:
        self.root = root
        self.unit = unit
        self.run = unit.get("run", "")
        self.settings = {name: unit[name] for name in ("device", "limits", "sandbox")}
        self.settings["many"] = unit.get("many", False)
        self.exercise = Exercise(material.copy_of(root), unit["exercise"])
        self.runs_on: dict[str, Any] = {}
        self.key = json.dumps([self.run, str(root), self.settings], sort_keys=True)
        self.canaries = Canaries.from_dict(unit["canaries"]) if unit.get("canaries") else NONE

    def on(self, seed: int) -> dict[str, Any]:
        """Judge it; if it kills the server, judge each task by a server of its own."""
        try:
            return self._asked(seed, self.exercise.tasks)
        except ServerLost:
            alone = {task: self._alone(seed, task) for task in self.exercise.tasks}
        first = next(iter(alone.values()))
        found = [t for task, run in alone.items() for t in _tasks(run) if t["task"] == task]
        endings = {
            task: run["endings"][task] for task, run in alone.items() if task in run["endings"]
        }
        tampered = next((run["tampered"] for run in alone.values() if run.get("tampered")), "")
        canaries = [said for run in alone.values() for said in run["canaries"]]
        record = first["record"] | {"tasks": found}
        told = {"tampered": tampered, "canaries": canaries, "imported": []}
        return {"record": record, "endings": endings} | told

    def _alone(self, seed: int, task: str) -> dict[str, Any]:
        try:
            return self._asked(seed, [task])
        except ServerLost as lost:
            found = TaskRecord(task, State.WRONG, lines=[str(lost)])
            name = self.exercise.name
            record = Record(name, Outcome.CRASHED, str(lost), [found], "", 0.0)
            return {"record": record.as_dict(), "endings": {task: "crashed"}, "canaries": []}

    def server(self) -> Server:
        """Return a server that nobody has at work.

        Raises:
            ServerLost: if there is none, and none can be started.
        """
        return take(self.key, lambda: Server(self.root, self.settings, self.run), self.run)

    def _asked(self, seed: int, tasks: Sequence[str]) -> dict[str, Any]:
        """Let a server judge some tasks.

        Raises:
            CannotJudge: if no server can be started, or it cannot judge.
            ServerLost: if it has ended meanwhile.
        """
        try:
            server = self.server()
        except ServerLost as lost:
            raise CannotJudge(str(lost)) from None
        if "failed" in server.runs_on:
            raise CannotJudge(server.runs_on["failed"])
        self.runs_on = server.runs_on
        asked = {"exercise": self.exercise.name, "text": self.unit["text"]}
        asked |= {"seed": seed, "tasks": list(tasks), "imports": self.unit.get("imports")}
        within = (len(tasks) + 1) * 2 * self.unit["limits"].get("seconds", Limits.seconds) + 60
        answer = server.ask(asked, within=within, canaries=self.canaries)
        give_back(self.key, server)
        if "failed" in answer:
            raise CannotJudge(answer["failed"])
        if not answer["tampered"] and not self.canaries.tries:
            answer["tampered"] = integrity.told_of_canary(amiss(self.canaries, answer))
        return _told_from_here(answer, server)


def _tasks(run: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run["record"]["tasks"]
    return found


def _differs(root: Path, unit: dict[str, Any]) -> str:
    """Say in what this machine's course or harness is another than is asked for."""
    expects = unit.get("expects", {})
    here = {
        "tests": material.digest_of_tests(root, unit["exercise"]),
        "harness": material.digest_of_harness(),
        "torch": material.version_of_torch(),
    }
    other = [name for name, digest in expects.items() if here.get(name, digest) != digest]
    if not other:
        return ""
    what = other[0] if other[0] == "torch" else f"the {other[0]}"
    return f"another version of {what} is on this machine"


def _told_from_here(answer: dict[str, Any], server: Server) -> dict[str, Any]:
    """Write paths in a record as from the course, and those of answers without their folder."""
    text = json.dumps(answer)
    for folder in (server.answers, server.root):
        text = text.replace(json.dumps(folder + os.sep)[1:-1], "")
    told: dict[str, Any] = json.loads(text)
    return told
