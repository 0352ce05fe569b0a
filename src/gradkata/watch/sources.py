"""What tells of saves, keys and the size of the terminal."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from rich.console import ConsoleDimensions

from gradkata.watch import terminal
from gradkata.watch.events import Ended, Pressed, Saved, Signal

# Several events within so many milliseconds are one save.
_STEP = 10
# Seconds.
_LAST_WAIT = 1.0

Tell = Callable[[Signal], None]
TellOfKeys = Callable[[Tell, threading.Semaphore], None]


def tell_of_saves(
    folder: Path, is_meant: Callable[[Path], bool], tell: Tell, ended: threading.Event
) -> None:
    """Report saves below a folder until the end, where the system does so.

    Args:
        folder: where the exercises are.
        is_meant: whether the save of a file is to be told of.
        tell: is called for each save.
        ended: is set at the end.
    """
    from watchfiles import watch

    # Where the system cannot report saves, the look once a second must do.
    with contextlib.suppress(OSError, RuntimeError):
        for changes in watch(
            folder, step=_STEP, debounce=50, stop_event=ended, raise_interrupt=False
        ):
            if any(is_meant(Path(path)) for _, path in changes):
                tell(Saved())


def await_end(watching: threading.Thread) -> None:
    """Wait a little until a thread that tells of saves has ended, if it has begun.

    It notices the end within a hundredth of a second. Python would end it in the middle of Rust's
    code, which then ends the process: "exception not rethrown".
    """
    if watching.ident is not None:
        watching.join(_LAST_WAIT)


def tell_of_keys(tell: Tell, done: threading.Semaphore) -> None:
    """Tell of each key, and when none will come any more.

    None is read before all is `done` that the last one asked for: an editor may read them then.
    """
    with contextlib.suppress(OSError):
        while (keys := terminal.read_keys()) is not None:
            for key in keys:
                tell(Pressed(key))
                done.acquire()
    tell(Ended())


def tell_of_lines(tell: Tell, done: threading.Semaphore) -> None:
    """Tell of each line as of a key: its first word, and an empty one as *enter*."""
    # Without anybody to type, the watch goes on until it is ended.
    if sys.stdin is None or not sys.stdin.isatty():
        return
    for line in sys.stdin:
        tell(Pressed((line.split() or ["enter"])[0]))
        done.acquire()
    tell(Ended())


def size() -> ConsoleDimensions:
    """Return the size of the terminal, also where no signal has told of another."""
    # Of the terminal itself: LINES and COLUMNS in the environment may be long out of date.
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return ConsoleDimensions(100, 24)
    # Some know no size, and say 0.
    return ConsoleDimensions(size.columns or 80, size.lines or 24)
