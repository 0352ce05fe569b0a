"""What an answer prints to and reads from: its own streams, which it may close or replace."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any, NoReturn, TextIO


@contextlib.contextmanager
def lent_streams() -> Iterator[None]:
    """Let stdout and stderr be streams that end with the block, whatever becomes of them."""
    own = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(_lent, own)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = own


def _lent(stream: TextIO) -> TextIO:
    through: Any = _Through(stream)
    return io.TextIOWrapper(
        through, encoding="utf-8", errors="backslashreplace", newline="", write_through=True
    )


class _Through(io.RawIOBase):
    """Passes on at once what is written to it; closing it closes nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.name = getattr(stream, "name", "<lent>")

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def isatty(self) -> bool:
        """Tell whether what is printed appears in a terminal."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor that other programs may write to."""
        return self.stream.fileno()

    def write(self, data: Any) -> int:
        """Pass on text."""
        self.stream.write(bytes(data).decode(errors="backslashreplace"))
        return len(data)

    def flush(self) -> None:
        """Flush what it is lent from."""
        if not self.stream.closed:
            self.stream.flush()


class NoTerminal(OSError):
    """Somebody is asked to type, and nobody can."""

    def __init__(self) -> None:
        super().__init__(
            "it waits for somebody to type, and there is no terminal here: `pytest --pdb` has one "
            "for breakpoint() and pdb, `pytest -s` for input()"
        )


def no_debugger(*_: object, **__: object) -> None:
    """Stand in for what breakpoint() calls: say that nobody can type, unless it is switched off."""
    if os.environ.get("PYTHONBREAKPOINT") != "0":
        raise NoTerminal


class NoInput(io.TextIOBase):
    """A standard input that says why nothing comes from it."""

    def readable(self) -> bool:
        """Say that it can be read from; whoever does is told more."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that other programs may read from."""
        return 0

    def read(self, size: int | None = -1) -> NoReturn:  # noqa: ARG002 — io's signature
        """Say that nobody can type."""
        raise NoTerminal

    def readline(self, size: int | None = -1) -> NoReturn:  # noqa: ARG002
        """Say that nobody can type."""
        raise NoTerminal
