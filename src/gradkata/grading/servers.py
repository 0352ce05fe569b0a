"""Judging servers, as those see them who have answers judged: started when needed, and kept.

Each call has a server to itself; servers go on to the next.
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
from pathlib import Path
from typing import Any

from gradkata.grading import material, sandbox
from gradkata.grading.canaries import NONE, Canaries
from gradkata.judging import processes
from gradkata.judging.forking import safe_path

_MODULE = "gradkata.grading.server"
_STARTUP = 180.0  # seconds that a busy machine takes to import torch
_MOST = 1 << 26  # bytes of a line: a server that sends more is not one


class ServerLost(Exception):
    """A server has ended, or does not answer; its text says which."""


class Server:
    """A judging server, and the pipes to it.

    Args:
        root: the course, where the answers are judged by a copy of it.
        settings: `device`, `limits`, `sandbox` and `many` of a unit.
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
        self._first |= {name: settings[name] for name in ("device", "limits", "many")}

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

    def hang_up(self) -> None:
        """Ask nothing more: it then ends by itself, and all that it has started."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def close(self) -> None:
        """End the server and all that it has started."""
        self.hang_up()
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


def take(key: str, start: Callable[[], Server], run: str) -> Server:
    """Return a server that nobody has at work, started now if there is none.

    Args:
        key: of those that will do.
        start: makes one.
        run: that it is for.

    Raises:
        ServerLost: if it ends before it can judge, or none is to be started any more.
    """
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


def give_back(key: str, server: Server) -> None:
    """Let others have a server."""
    with _LOCK:
        _IDLE.setdefault(key, []).append(server)


def close_all() -> None:
    """End every server that this process has started, at work or not, and remove the copies."""
    _ENDED.set()
    with _LOCK:
        servers, _ALL[:] = list(_ALL), []
        _IDLE.clear()
    _close(servers)
    material.forget_copies()


def end_run(run: str) -> None:
    """End every server that was started for a run, at work or not, and start none again."""
    with _LOCK:
        _OVER.add(run)
        servers = [server for server in _ALL if server.run == run]
        _forget(servers)
    _close(servers)


def end_unused(run: str) -> None:
    """End the servers of a run that are not at work."""
    with _LOCK:
        servers = [server for idle in _IDLE.values() for server in idle if server.run == run]
        _forget(servers)
    _close(servers)


def _close(servers: Sequence[Server]) -> None:
    for server in servers:
        server.hang_up()
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
