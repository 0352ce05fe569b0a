"""A real room on loopback for the tests, and what stands in for one that is none."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import toy_course


@dataclass
class Answer:
    """What a room has answered."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def content(self) -> Any:
        """The JSON of it."""
        return json.loads(self.text)

    @property
    def sentence(self) -> str:
        """Why it was refused."""
        return str(self.content["detail"])


class Server:
    """The command `kata room` in a process of its own, on a port that is free.

    Args:
        root: of its course.
        options: of the command.
    """

    def __init__(self, root: Path, *options: str, port: int = 0) -> None:
        self.root = root
        command = [sys.executable, "-c", toy_course.RUN, "room", "--port", str(port), *options]
        self.process = subprocess.Popen(
            command,
            cwd=root,
            env=toy_course.child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if "reaches it" in line:
                break
        self.port = int(self._find(r"join http://[\d.]+:(\d+)/"))
        self.code = self._find(r"join http://\S+/(\w+)")
        self.teacher = self._find(r"/t/(\w+)")
        self.is_there()

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, "\n".join(self.lines))
        assert found, self.lines
        return found[1]

    @property
    def base(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """What a learner types."""
        return f"{self.base}/{self.code}"

    def is_there(self) -> None:
        """Wait until it answers."""
        for _ in range(300):
            with contextlib.suppress(OSError):
                if self.ask("/api/hello").status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError("the room does not answer")

    def ask(
        self,
        path: str,
        content: Any = None,
        *,
        secret: str = "",
        raw: bytes | None = None,
        source: str = "127.0.0.1",
        headers: dict[str, str] | None = None,
        method: str = "",
    ) -> Answer:
        """Send a request of its own connection."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
        )
        body = json.dumps(content).encode() if content is not None else raw
        given = {"Connection": "close"} | (headers or {})
        given |= {"Authorization": f"Bearer {secret}"} if secret else {}
        given |= {"Content-Type": "application/json"} if body is not None else {}
        try:
            connection.request(method or ("GET" if body is None else "POST"), path, body, given)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
            return Answer(response.status, text, {k.lower(): v for k, v in response.getheaders()})
        finally:
            connection.close()

    def join(self, name: str = "Ada") -> str:
        """Join, and return the secret."""
        return str(self.ask(f"/api/join/{self.code}", {"name": name}).content["secret"])

    def report(self, secret: str, states: dict[str, str], **more: Any) -> Answer:
        """Report the states of tasks of the first exercise."""
        return self.ask("/api/report", report(states, **more), secret=secret)

    def kill(self) -> None:
        """End it without a warning."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


def report(states: dict[str, str], mistake: str = "", **more: Any) -> dict[str, Any]:
    """Return what a learner's machine sends of these states."""
    tasks = [
        {"task": task, "state": state, "mistake": mistake if state == "wrong" else "", "hints": 0}
        for task, state in states.items()
    ]
    now = time.time()
    return {
        "id": secrets.token_hex(16),
        "exercise": "01_slopes",
        "tasks": tasks,
        "at": now,
        "now": now,
    } | more


class StandIn:
    """Takes connections where a room would be, keeps all that is sent, and answers as told.

    Args:
        answer: the bytes of each answer; None never answers.
    """

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.heard: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.taken: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = self.socket.accept()
                self.taken.append(taken)
                threading.Thread(target=self._hear, args=(taken,), daemon=True).start()

    def _hear(self, taken: socket.socket) -> None:
        with contextlib.suppress(OSError):
            taken.settimeout(0.3)
            heard = b""
            with contextlib.suppress(TimeoutError):
                while piece := taken.recv(65536):
                    heard += piece
                    if _is_whole(heard):
                        break
            self.heard.append(heard)
            if self.answer is not None:
                taken.sendall(self.answer)
                taken.close()

    def close(self) -> None:
        """Take no more."""
        self.socket.close()
        for taken in self.taken:
            taken.close()


def _is_whole(heard: bytes) -> bool:
    head, end, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def answer(content: Any, status: str = "200 OK") -> bytes:
    """Return the bytes of an answer in JSON."""
    body = json.dumps(content).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
