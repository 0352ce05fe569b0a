"""Read an error's own text, which a learner's code makes: cut short, and in a time that ends."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

LONGEST = 10_000  # characters that are read of a text
LIMIT = 5.0  # seconds that a text may take
NO_END = "whose text does not end"
_LONGEST_NAME = 200


class Endless(BaseException):
    """Stops what takes longer than it may, past any `except Exception`."""


def name_of(error: BaseException) -> str:
    """Return the name of an error's class, whatever its metaclass says."""
    name: str = vars(type)["__name__"].__get__(type(error))
    return name[:_LONGEST_NAME]


def said_by(error: BaseException, *, named: bool = True) -> str:
    """Return an error's name and text, cut; where the text cannot be told, why not.

    Args:
        error: whose text may loop, raise, or have any length.
        named: whether the name stands before a text.
    """
    name = name_of(error)
    try:
        with time_limit(LIMIT):
            # Of a subclass of str, only what str itself gives.
            text = str.__getitem__(str(error), slice(LONGEST))
    except Endless:
        return f"{name}, {NO_END}"
    except KeyboardInterrupt:
        raise
    except BaseException as unsaid:
        return f"{name}, whose text raises {name_of(unsaid)}"
    return f"{name}: {text}" if named and text else text or name * named


def is_long(error: BaseException | None) -> bool:
    """Say whether the text of an error, or of one that it came from, is cut or does not end."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        text = said_by(error, named=False)
        if len(text) >= LONGEST or NO_END in text:
            return True
        error = error.__cause__ or error.__context__
    return False


def ignore_alarm() -> None:
    """Let a timer that runs bound what `time_limit` bounds, and interrupt nothing else."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    # For mypy the first, for a Windows that is played by another system the second.
    if sys.platform != "win32" and in_main_thread and hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_IGN)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `Endless` in what takes longer, in the main thread and where the system has a timer.

    A timer that runs already stands still meanwhile, and bounds this one.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    # For mypy the first, for a Windows that is played by another system the second.
    if sys.platform == "win32" or not (in_main_thread and hasattr(signal, "setitimer")):
        yield
        return

    def stop(*_: Any) -> None:
        raise Endless

    started = time.monotonic()
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    usual = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, left or seconds))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual or signal.SIG_DFL)
        left -= time.monotonic() - started
        if left > 0:
            signal.setitimer(signal.ITIMER_REAL, left)
