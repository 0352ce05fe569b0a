"""Let nothing that a learner's code does get past its test: no way out, no side effect."""

from __future__ import annotations

import contextlib
import signal
import threading
import unittest
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from gradkata.plugin.explain import Escape

if TYPE_CHECKING:
    from gradkata.plugin.global_state import GlobalState


@contextlib.contextmanager
def guards_of(item: pytest.Item) -> Iterator[None]:
    """Stop the calls that the task of a test asks to do without."""
    from gradkata.checks.guards import forbid

    with contextlib.ExitStack() as guards:
        for marker in item.iter_markers("forbid"):
            guards.enter_context(forbid(*marker.args, **marker.kwargs))
        yield


@contextlib.contextmanager
def no_side_effects(before: GlobalState) -> Iterator[None]:
    """Put global state back, and fail what passed in spite of having changed it."""
    try:
        yield
    except BaseException:
        before.restore()
        raise
    changed = before.restore()
    if changed:
        raise Escape(f"it leaves a change behind: {'; '.join(changed)}")


@contextlib.contextmanager
def no_changes(changes: Generator[list[str], None, None]) -> Iterator[None]:
    """Put back what judges, and fail what passed in spite of having changed it."""
    next(changes)
    try:
        yield
    finally:
        changed = next(changes)
    if changed:
        raise Escape(f"it leaves a change behind: {'; '.join(changed)}")


@contextlib.contextmanager
def no_escape(at_the_end: Callable[[], None]) -> Iterator[None]:
    """Turn every way out that would hide a result into a failure."""
    with watched_interrupts() as pressed:
        try:
            yield
        except BaseException as error:
            reason = _way_out(error)
            if pressed or not reason:
                raise
            raise Escape(reason) from error
    at_the_end()


def _way_out(error: BaseException) -> str:
    """Name what would have hidden a result; an ordinary error gives an empty text."""
    if isinstance(error, pytest.exit.Exception) and error.msg == "Quitting debugger":
        return ""  # the learner has typed q
    for kind, reason in _WAYS_OUT.items():
        if isinstance(error, kind):
            return reason
    if isinstance(error, Exception | pytest.fail.Exception):
        return ""
    return f"it raises {type(error).__name__}, which is for stopping the whole program"


_WAYS_OUT: dict[type[BaseException], str] = {
    pytest.xfail.Exception: "it calls pytest.xfail(): an expected failure is not an answer",
    pytest.skip.Exception: "it calls pytest.skip(): a skipped test is not a passed one",
    unittest.SkipTest: "it raises SkipTest: a skipped test is not a passed one",
    pytest.exit.Exception: "it calls pytest.exit(): return instead",
    SystemExit: "it calls sys.exit(): return instead",
}


@contextlib.contextmanager
def watched_interrupts() -> Iterator[list[int]]:
    """Tell Ctrl-C from a KeyboardInterrupt that a learner's code raises."""
    pressed: list[int] = []
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield pressed
        return

    def on_press(number: int, frame: Any) -> None:
        pressed.append(number)
        usual(number, frame)

    signal.signal(signal.SIGINT, on_press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, usual)
