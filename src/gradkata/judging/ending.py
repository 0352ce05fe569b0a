"""The end of a program that judges, by whatever ends it."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from typing import NoReturn


@contextlib.contextmanager
def ended_in_order() -> Iterator[None]:
    """Let what ends this program, a terminal that closes too, leave nothing that it has started."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []

    def end(number: int, _: object) -> NoReturn:
        sys.exit(128 + number)

    usual = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
