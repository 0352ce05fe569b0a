"""Watch over workers that are fresh processes, on systems that cannot fork a warm one.

It takes in and reports what `forked` does, only slower, and all at the end: each worker imports
torch by itself, and uses it once if nobody waits yet. It runs in a thread, and a worker's
messages come through files.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from gradkata.judging.forked import SPARE
from gradkata.judging.processes import GRACE, ask_group_to_end, kill_group, told_by
from gradkata.judging.protocol import AWAITED, WRITTEN, Control, Order, start_line
from gradkata.judging.transcript import Transcript, send_report


def supervise(control: Control, orders: Sequence[Order]) -> None:
    """Do what `forked.supervise` does, with a fresh process for each order."""
    # A worker that has just been killed may hold on to its files for a moment on Windows.
    with tempfile.TemporaryDirectory(prefix="gradkata-", ignore_cleanup_errors=True) as folder:
        watch = _FreshSupervision(Path(folder), control)
        try:
            for order in orders:
                watch.start(order)
            if watch.until_the_end():
                send_report(control, watch.workers, early=False)
        finally:
            for worker in watch.workers:
                worker.kill()
            control.close()


class _FreshSupervision:
    """Looks at workers until each has ended, or reached a limit."""

    def __init__(self, folder: Path, control: Control) -> None:
        self.folder = folder
        self.control = control
        self.workers: list[_FreshWorker] = []
        self.first: list[str] | None = None
        self.spare = SPARE
        self.started = 0

    def start(self, order: Order) -> None:
        """Start a worker, and let it begin if the start has come already."""
        self.started += 1
        worker = _FreshWorker(order, self.folder / str(self.started))
        self.workers.append(worker)
        if self.first is not None:
            worker.start(self.first)

    def until_the_end(self) -> bool:
        """Return when every worker has ended; False if nobody waits for the report any more."""
        while not all(worker.transcript.is_over for worker in self.workers):
            if not self._obey():
                return False
            for worker in list(self.workers):
                if not worker.transcript.is_over:
                    worker.look_after()
                    if worker.transcript.is_over:
                        self._replace(worker)
        return True

    def _obey(self) -> bool:
        """Read what the requester says; False if they have given up."""
        try:
            if self.control.poll(None if self.first is None else 0.02):
                self.first = json.loads(self.control.recv_bytes())
                if self.first is None:
                    return False
                for worker in self.workers:
                    worker.start(self.first)
        except (EOFError, OSError):
            return False
        return True

    def _replace(self, worker: _FreshWorker) -> None:
        """Let a new worker judge what one that has ended leaves without a verdict."""
        rest = worker.transcript.unjudged()
        if rest is None:
            return
        worker.kill()
        if not worker.transcript.has_run_a_task:
            if not self.spare:
                return
            self.spare -= 1
            self.workers.remove(worker)
        self.start(rest)


class _FreshWorker:
    """A worker's process, the files that it writes, and its transcript."""

    def __init__(self, order: Order, folder: Path) -> None:
        secret = os.urandom(32)
        self.transcript = Transcript(order, secret)
        self.folder = folder
        folder.mkdir()
        self.files = {kind: (folder / kind).open("w+b", buffering=0) for kind in WRITTEN}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gradkata.judging.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self.files["output"],
            start_new_session=hasattr(os, "killpg"),
        )
        first = {"order": asdict(order), "folder": str(folder), "secret": secret.hex()}
        self._write(json.dumps(first).encode() + b"\n")

    def start(self, first: Sequence[str]) -> None:
        self.transcript.expect_to_begin()
        with contextlib.suppress(OSError):
            (self.folder / AWAITED).touch()
        self._write(start_line(first))

    def _write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def look_after(self) -> None:
        if self.transcript.is_over:
            return
        code = self.process.poll()
        self._read()
        if self.transcript.is_over:
            return
        if code is not None:
            self.transcript.end_by(told_by(code))
        elif self.transcript.is_late:
            # It writes down where it is at the same moment.
            time.sleep(GRACE)
            self._read()
            self.kill()
            self.transcript.end_late()

    def _read(self) -> None:
        for kind, file in self.files.items():
            self.transcript.take(kind, file.read())

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            ask_group_to_end(self.process)
            kill_group(self.process.pid)
        self.process.kill()
        self.process.wait()
        for file in (self.process.stdin, *self.files.values()):
            assert file is not None
            with contextlib.suppress(OSError):
                file.close()
