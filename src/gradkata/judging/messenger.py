"""How a worker sends signed messages, and what is printed, as it is printed."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import threading
from typing import Any

from gradkata.judging.protocol import CUT_OFF, PRINTED, notice_of_cut, sign


class LineWriter:
    """Writes whole lines to the pipe of messages, from any thread of its own process."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.process = os.getpid()
        self.lock = threading.RLock()
        self.held = b""

    @property
    def is_own(self) -> bool:
        """Whether this is the process that has made it, and not a child that has inherited it."""
        return os.getpid() == self.process

    def write(self, line: bytes = b"") -> None:
        """Write what was held back, and a line."""
        with self.lock:
            self.held += line
            # The exception of a time limit may come between any two of these lines: a message
            # that is sent twice is taken in once, and one that is cut is sent again.
            while self.held:
                try:
                    self.held = self.held[os.write(self.end, self.held) :]
                except OSError as error:
                    os._exit(CUT_OFF if error.errno == errno.EBADF else 1)


class Messenger:
    """Sends messages: signed and numbered lines of JSON."""

    def __init__(self, pipe: LineWriter, secret: bytes) -> None:
        self.pipe = pipe
        self.secret = secret
        self.number = 0

    def send(self, **message: Any) -> None:
        """Send a message, and what was held back."""
        if self.pipe.is_own:
            with self.pipe.lock:
                self._hold(message)
                self.pipe.write()

    def hold(self, **message: Any) -> None:
        """Queue a message until the next `send`, for each write wakes the reader."""
        if self.pipe.is_own:
            with self.pipe.lock:
                self._hold(message)

    def _hold(self, message: dict[str, Any]) -> None:
        body = json.dumps(message | {"number": self.number}).encode()
        line = b"\n" + sign(body, self.secret) + b" " + body + b"\n"
        # Both at once: no exception of a time limit comes between them.
        self.pipe.held, self.number = self.pipe.held + line, self.number + 1


class Printed(io.RawIOBase):
    """Forwards what is printed at once, up to a length for each task.

    `task` owns what is printed from now on. A learner's code reaches this object through
    `sys.stdout`, so it signs nothing, and holds nothing that could.
    """

    def __init__(self, pipe: LineWriter, kept: int) -> None:
        self.pipe = pipe
        self.kept = kept
        self.room: dict[str, int] = {}
        self.task = ""
        # What `print` writes to.
        self.stream = io.TextIOWrapper(
            io.BufferedWriter(self, 1 << 16),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=True,
        )

    def flush_stream(self) -> None:
        """Send on what has no end of line yet; the learner may have closed the stream."""
        with contextlib.suppress(ValueError):
            self.stream.flush()

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that other programs may write to."""
        return 1

    def write(self, data: Any) -> int:
        """Send on as much as there is room for, and once a notice of what is left out.

        What a child process prints has no task.
        """
        if not self.pipe.is_own:
            return os.write(1, data)
        room = self.room.get(self.task, self.kept)
        self.room[self.task] = room - len(data)
        if room >= 0:
            text = bytes(data[:room]).decode(errors="replace")
            cut = notice_of_cut(self.kept) if len(data) > room else ""
            message = json.dumps({"task": self.task, "text": text + cut}).encode()
            self.pipe.write(b"\n" + PRINTED + message + b"\n")
        return len(data)
