"""What one address may ask of the room: so much in a second, and so much at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Five hundred learners behind one address report a hundred times a second.
RATE, BURST = 300.0, 600.0
# Wrong codes: one of four letters is to be found out in no workshop.
_WRONG_RATE, _WRONG_BURST = 1.0, 30.0
MOST_BYTES = 16 * 1024
_SECONDS = 10.0
_MOST_ADDRESSES = 10_000


class Buckets:
    """So many requests a second for each address, and some more at once.

    Args:
        rate: requests a second.
        burst: requests at once.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, address: str, now: float) -> float:
        """Return after how many seconds an address may ask again; 0 if it may now."""
        left, at = self._left.get(address, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.rate)
        return 0.0 if left >= 1 else (1 - left) / self.rate

    def take(self, address: str, now: float) -> None:
        """Count a request."""
        if len(self._left) >= _MOST_ADDRESSES:
            self._left.clear()
        left, at = self._left.pop(address, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.rate)
        self._left[address] = left - 1, now


class Limited:
    """An application that answers 429 to who asks too often, and 413 to a body that is too large.

    Args:
        app: the application.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.all = Buckets(RATE, BURST)
        self.wrong = Buckets(_WRONG_RATE, _WRONG_BURST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        address = (scope.get("client") or ("", 0))[0]
        now = time.monotonic()
        guesses = _may_guess(scope["path"])
        wait = max(self.all.wait(address, now), self.wrong.wait(address, now) * guesses)
        if wait:
            # Who is still sending when the connection is closed sees a reset and not the answer.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SECONDS):
                    await _body(receive)
            words = f"too many requests from here: again in {math.ceil(wait)} s"
            await refuse(send, 429, words, {"retry-after": str(math.ceil(wait))})
            return
        self.all.take(address, now)
        try:
            async with asyncio.timeout(_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            await refuse(send, 408, f"a request is sent within {_SECONDS:g} s")
            return
        if body is None:
            await refuse(send, 413, f"a request has {MOST_BYTES // 1024} KiB at most")
            return

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 404 and guesses:
                self.wrong.take(address, time.monotonic())
            await send(message)

        await self.app(scope, _replayed(body, receive), noting)


def _may_guess(path: str) -> bool:
    """Tell whether a request has a code that is short enough to be guessed."""
    known = ("/api/report", "/api/hand", "/api/hello", "/room", "/static/")
    return not path.startswith(known)


async def _body(receive: Receive) -> bytes | None:
    """Read a whole body; None if it is too large, or not all of it comes."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body"):
            return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def refuse(
    send: Send, status: int, sentence: str, headers: dict[str, str] | None = None
) -> None:
    """Answer with one sentence."""
    content = json.dumps({"detail": sentence}).encode()
    given = {"content-type": "application/json", "content-length": str(len(content))}
    raw = [(name.encode(), value.encode()) for name, value in (given | (headers or {})).items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})
