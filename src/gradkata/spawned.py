"""Watch over workers that are fresh processes, on systems that cannot fork a warm one.

It hears and reports what `supervisor` does, only slower, and all at the end: each worker imports
torch by itself, and uses it once if nobody waits yet. It runs in a thread, and a worker's words
come through files.
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
from pathlib import Path

from gradkata.supervisor import GRACE, Control, Heard, send_report, told_by, word_to_go
from gradkata.worker import AWAITED, WRITTEN, Order


def supervise(control: Control, orders: Sequence[Order]) -> None:
    """Do what `supervisor.supervise` does, with a fresh process for each order."""
    # A worker that has just been killed may hold on to its files for a moment on Windows.
    with tempfile.TemporaryDirectory(prefix="gradkata-", ignore_cleanup_errors=True) as folder:
        workers = [_Worker(order, Path(folder, str(n))) for n, order in enumerate(orders)]
        try:
            if _until_the_end(workers, control):
                send_report(control, workers, early=False)
        finally:
            for worker in workers:
                worker.kill()
            control.close()


def _until_the_end(workers: Sequence[_Worker], control: Control) -> bool:
    """Return when every worker has ended; False if nobody waits for the report any more."""
    going = False
    while not all(worker.heard.is_over for worker in workers):
        try:
            if control.poll(0.02 if going else None):
                first = json.loads(control.recv_bytes())
                if first is None:
                    return False
                going = True
                for worker in workers:
                    worker.let_go(first)
        except (EOFError, OSError):
            return False
        for worker in workers:
            worker.look_after()
    return True


class _Worker:
    """A worker's process, the files that it writes, and what it said."""

    def __init__(self, order: Order, folder: Path) -> None:
        secret = os.urandom(32)
        self.heard = Heard(order, secret)
        self.folder = folder
        folder.mkdir()
        self.files = {kind: (folder / kind).open("w+b", buffering=0) for kind in WRITTEN}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gradkata.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self.files["output"],
            start_new_session=hasattr(os, "killpg"),
        )
        first = {"order": asdict(order), "folder": str(folder), "secret": secret.hex()}
        self._write(json.dumps(first).encode() + b"\n")

    def let_go(self, first: Sequence[str]) -> None:
        self.heard.expect_to_begin()
        with contextlib.suppress(OSError):
            (self.folder / AWAITED).touch()
        self._write(word_to_go(first))

    def _write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def look_after(self) -> None:
        if self.heard.is_over:
            return
        code = self.process.poll()
        self._read()
        if self.heard.is_over:
            return
        if code is not None:
            self.heard.end_by(told_by(code))
        elif self.heard.is_late:
            # It writes down where it is at the same moment.
            time.sleep(GRACE)
            self._read()
            self.kill()
            self.heard.end_late()

    def _read(self) -> None:
        for kind, file in self.files.items():
            self.heard.take(kind, file.read())

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            if sys.platform != "win32" and hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                command = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
                subprocess.run(command, capture_output=True, check=False)
        self.process.kill()
        self.process.wait()
        for file in (self.process.stdin, *self.files.values()):
            assert file is not None
            with contextlib.suppress(OSError):
                file.close()
