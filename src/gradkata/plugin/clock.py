"""Hold a test to its time limit, even if an answer swallows the timeout's exception."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import pytest

from gradkata.plugin.explain import Escape


class Clock:
    """Notes when a test starts, and how long it may take."""

    def __init__(self) -> None:
        self.limit = 0.0
        self.started = 0.0

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Note when a test starts, before its time limit does."""
        self.started, self.limit = time.monotonic(), 0.0
        return (yield)

    @pytest.hookimpl(wrapper=True, optionalhook=True)
    def pytest_timeout_set_timer(self, settings: Any) -> Generator[None, object, object]:
        """Note the test's own limit; without one this hook is not called."""
        self.limit = settings.timeout
        return (yield)

    def pytest_enter_pdb(self) -> None:
        """Lift the limit while a debugger is open."""
        self.limit = 0.0

    def demand_time_left(self) -> None:
        """Fail a test whose answer swallowed the timeout's exception."""
        if self.limit and time.monotonic() - self.started >= self.limit:
            raise Escape(
                f"it does not end: stopped after {self.limit:g} s, and went on all the same"
            )
