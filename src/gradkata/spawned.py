"""Watch over workers that are fresh processes, on systems that cannot fork a warm one.

It hears and reports what `supervisor` does, only slower: each worker imports torch by itself. It
runs in a thread, and a worker's words come through files.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path

from gradkata.supervisor import GRACE, STARTUP, Heard, answer_in, ending_of, late
from gradkata.worker import WRITTEN, Order

_ACCESS_VIOLATION = 0xC0000005  # what Windows says where others say SIGSEGV


def supervise(control: Connection, orders: Sequence[Order]) -> None:
    """Do what `supervisor.supervise` does, with a fresh process for each order."""
    # A worker that has just been killed may hold on to its files for a moment on Windows.
    with tempfile.TemporaryDirectory(prefix="gradkata-", ignore_cleanup_errors=True) as folder:
        workers = [_Worker(order, Path(folder, str(n))) for n, order in enumerate(orders)]
        try:
            if _until_the_end(workers, control):
                file = answer_in(orders[0])
                report = [worker.heard.report(worker.ending, file) for worker in workers]
                with contextlib.suppress(OSError):
                    control.send_bytes(json.dumps(report).encode())
        finally:
            for worker in workers:
                worker.kill()
            control.close()


def _until_the_end(workers: Sequence[_Worker], control: Connection) -> bool:
    """Return when every worker has ended; False if nobody waits for the report any more."""
    going = False
    while not all(worker.is_over for worker in workers):
        try:
            if control.poll(0.02 if going else None):
                going = control.recv_bytes() == b"go"
                for worker in workers:
                    worker.let_go()
                if not going:
                    return False
        except (EOFError, OSError):
            return False
        for worker in workers:
            worker.look_after()
    return True


class _Worker:
    """A worker's process, the files that it writes, and what it said."""

    def __init__(self, order: Order, folder: Path) -> None:
        self.limits = order.limits
        secret = os.urandom(32)
        self.heard = Heard(secret, order.limits)
        self.ending = ("", "")
        self.deadline = float("inf")
        folder.mkdir()
        self.files = {kind: (folder / kind).open("w+b", buffering=0) for kind in WRITTEN}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gradkata.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self.files["output"],
            start_new_session=os.name != "nt",
        )
        first = {"order": asdict(order), "folder": str(folder), "secret": secret.hex()}
        self._write(json.dumps(first).encode() + b"\n")

    @property
    def is_over(self) -> bool:
        return self.heard.has_said("end") or bool(self.ending[0])

    def let_go(self) -> None:
        self.deadline = time.monotonic() + STARTUP
        self._write(b"g")

    def _write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def look_after(self) -> None:
        if self.is_over:
            return
        code = self.process.poll()
        self._read()
        if self.is_over:
            return
        if code is not None:
            self.ending = _ending_of(code)
        elif time.monotonic() > self.deadline:
            self.kill()
            self.ending = late(self.limits)

    def _read(self) -> None:
        had_begun = self.heard.has_said("begin")
        for kind, file in self.files.items():
            self.heard.take(kind, file.read())
        if not had_begun and self.heard.has_said("begin"):
            self.deadline = time.monotonic() + self.limits.seconds + GRACE

    def kill(self) -> None:
        if os.name == "nt":
            command = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            subprocess.run(command, capture_output=True, check=False)
        else:
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        for file in (self.process.stdin, *self.files.values()):
            assert file is not None
            with contextlib.suppress(OSError):
                file.close()


def _ending_of(code: int) -> tuple[str, str]:
    if code == _ACCESS_VIOLATION:
        return "crashed", "the process ended by an access violation in the middle of a test"
    # A wait status has the signal in its low bits, and an exit code above them.
    return ending_of(-code if code < 0 else code << 8)
