"""Judge a unit, one answer to one exercise, by a judging server that is there or is started.

`judge_unit` takes plain data and gives plain data, so that any executor can call it: a thread, a
process, or one on another machine. Each call has a server to itself; servers go on to the next.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gradkata.course import Exercise, find_root
from gradkata.grading import integrity, material, sandbox
from gradkata.grading.canaries import NONE, Canaries, amiss
from gradkata.judging import processes
from gradkata.judging.forking import safe_path
from gradkata.judging.protocol import Limits
from gradkata.results import Outcome, Record, State, TaskRecord

_MODULE = "gradkata.grading.server"
_STARTUP = 180.0  # seconds that a busy machine takes to import torch
_MOST = 1 << 26  # bytes of a line: a server that sends more is not one


class ServerLost(Exception):
    """A server has ended, or does not answer; its text says which."""


class Server:
    """A judging server, and the pipes to it.

    Args:
        root: the course, where the answers are judged by a copy of it.
        settings: `device`, `limits` and `sandbox` of a unit.
        run: that it judges for, where runs of others are judged by this process.
    """

    def __init__(self, root: Path, settings: dict[str, Any], run: str = "") -> None:
        self.run = run
        copy = material.copy_of(root)
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 — closed with it
        self.rest = b""
        if settings["sandbox"]:
            command = sandbox.command(copy, settings["device"], _MODULE)
            course, self.answers = sandbox.COURSE, sandbox.ANSWERS
        else:
            command = [sys.executable, "-P", "-m", _MODULE]
            course, self.answers = str(copy), tempfile.mkdtemp(prefix="answers-", dir=copy.parent)
        # Ctrl-C is for whoever grades, and they end it.
        with safe_path():
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                start_new_session=os.name != "nt",
            )
        self.root = course
        self.runs_on: dict[str, Any] = {}
        self._first = {"root": course, "answers": self.answers, "isolates": settings["sandbox"]}
        self._first |= {"device": settings["device"], "limits": settings["limits"]}

    def get_ready(self) -> None:
        """Wait until it can judge, and read what it runs on.

        Raises:
            ServerLost: if it ends before.
        """
        self.runs_on = self.ask(self._first, within=_STARTUP)

    def ask(
        self, message: dict[str, Any], *, within: float, canaries: Canaries = NONE
    ) -> dict[str, Any]:
        """Send a line, and return the line that comes back, after the canaries if they are asked.

        Raises:
            ServerLost: if none comes.
        """
        try:
            self._say(json.dumps(message).encode() + b"\n")
            answer: dict[str, Any] = json.loads(self._line(within))
            while "asks" in answer:
                self._say(canaries.line())
                answer = json.loads(self._line(within))
        except (OSError, EOFError, ValueError):
            self.close()
            raise ServerLost(self._text_of_stderr()) from None
        return answer

    def _say(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def _line(self, within: float) -> bytes:
        assert self.process.stdout is not None
        end, deadline = self.process.stdout.fileno(), time.monotonic() + within
        while b"\n" not in self.rest:
            left = deadline - time.monotonic()
            if os.name != "nt" and not select.select([end], [], [], max(0.0, left))[0]:
                self.close()
                raise ServerLost(f"no verdict after {within:g} s: the judging server was stopped")
            read = os.read(end, 1 << 20)
            self.rest += read
            if not read or len(self.rest) > _MOST:
                raise EOFError if not read else ValueError
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def _text_of_stderr(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            self.errors.seek(0)
            lines = self.errors.read().decode(errors="replace").strip().splitlines()
            if lines:
                return f"the judging server ended: {lines[-1]}"
        return "the judging server ended"

    def close(self) -> None:
        """End the server and all that it has started; it ends by itself when nobody asks."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            # One that is being started reads nothing yet, and has nothing to put in order.
            self.process.wait(timeout=5 if self.runs_on else 0)
        except subprocess.TimeoutExpired:
            self._kill()
            self.process.wait()

    def _kill(self) -> None:
        family = processes.descendants(self.process.pid)
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
            for pid in family:  # a sandbox outlives what has made it
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        self.process.kill()


_IDLE: dict[str, list[Server]] = {}
_ALL: list[Server] = []
_LOCK = threading.Lock()
_ENDED = threading.Event()
_OVER: set[str] = set()  # runs of others for which nothing is started any more


def judge_unit(unit: dict[str, Any]) -> dict[str, Any]:
    """Judge one answer to one exercise, on each seed.

    Args:
        unit: `exercise`, `text` (as latin-1), `seeds`, `device`, `limits`, `sandbox`, `root` (a
            course on this machine, or empty for the one of the package), and `expects`, the
            digests of `tests` and `harness` and the version of `torch` that whoever asks has;
            `canaries` may be there, and `believes`, False while these are only tried; and `run`,
            whose end `end_run` tells.

    Returns:
        `runs`, for each seed `{"record", "endings", "tampered", "canaries"}`, and `runs_on`; or
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
        self.exercise = Exercise(material.copy_of(root), unit["exercise"])
        self.runs_on: dict[str, Any] = {}
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
        told = {"tampered": tampered, "canaries": canaries}
        return {"record": record, "endings": endings} | told

    def _alone(self, seed: int, task: str) -> dict[str, Any]:
        try:
            return self._asked(seed, [task])
        except ServerLost as lost:
            found = TaskRecord(task, State.WRONG, lines=[str(lost)])
            name = self.exercise.name
            record = Record(name, Outcome.CRASHED, str(lost), [found], "", 0.0)
            return {"record": record.as_dict(), "endings": {task: "crashed"}, "canaries": []}

    def _asked(self, seed: int, tasks: Sequence[str]) -> dict[str, Any]:
        """Let a server judge some tasks.

        Raises:
            CannotJudge: if no server can be started, or it cannot judge.
            ServerLost: if it has ended meanwhile.
        """
        key = json.dumps([self.run, str(self.root), self.settings], sort_keys=True)
        try:
            server = _take(key, lambda: Server(self.root, self.settings, self.run), self.run)
        except ServerLost as lost:
            raise CannotJudge(str(lost)) from None
        if "failed" in server.runs_on:
            raise CannotJudge(server.runs_on["failed"])
        self.runs_on = server.runs_on
        asked = {"exercise": self.exercise.name, "text": self.unit["text"]}
        asked |= {"seed": seed, "tasks": list(tasks)}
        within = (len(tasks) + 1) * 2 * self.unit["limits"].get("seconds", Limits.seconds) + 60
        answer = server.ask(asked, within=within, canaries=self.canaries)
        _give_back(key, server)
        if "failed" in answer:
            raise CannotJudge(answer["failed"])
        if not answer["tampered"] and self.unit.get("believes", True):
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
        "torch": version("torch"),
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


def _take(key: str, start: Callable[[], Server], run: str) -> Server:
    with _LOCK:
        if _ENDED.is_set() or run in _OVER:
            raise ServerLost("the program ends" if _ENDED.is_set() else "the run has ended")
        if idle := _IDLE.get(key):
            return idle.pop()
    server = start()
    with _LOCK:
        _ALL.append(server)
    if _ENDED.is_set() or run in _OVER:
        server.close()
    server.get_ready()
    return server


def _give_back(key: str, server: Server) -> None:
    with _LOCK:
        _IDLE.setdefault(key, []).append(server)


def close_all() -> None:
    """End every server that this process has started, at work or not, and remove the copies."""
    _ENDED.set()
    with _LOCK:
        servers, _ALL[:] = list(_ALL), []
        _IDLE.clear()
    for server in servers:
        server.close()
    material.forget_copies()


def end_run(run: str) -> None:
    """End every server that was started for a run, at work or not, and start none again."""
    with _LOCK:
        _OVER.add(run)
        servers = [server for server in _ALL if server.run == run]
        _forget(servers)
    for server in servers:
        server.close()


def end_unused(run: str) -> None:
    """End the servers of a run that are not at work."""
    with _LOCK:
        servers = [server for idle in _IDLE.values() for server in idle if server.run == run]
        _forget(servers)
    for server in servers:
        server.close()


def _forget(servers: Sequence[Server]) -> None:
    _ALL[:] = [server for server in _ALL if server not in servers]
    for idle in _IDLE.values():
        idle[:] = [server for server in idle if server not in servers]


def begin() -> None:
    """Let servers be started again, after `close_all`."""
    _ENDED.clear()


atexit.register(close_all)
