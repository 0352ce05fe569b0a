"""One request to a room, over a connection of its own that is bounded in time and size."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from gradkata.room.member import Address

_SECONDS = 5.0  # of a whole request, whatever the other side does
_MOST_BYTES = 64 * 1024


class NoRoom(Exception):
    """No room has answered; the text says why."""


@dataclass(frozen=True)
class Said:
    """What a room has answered."""

    status: int
    content: dict[str, Any] = field(default_factory=dict)
    retry_after: float = 0.0

    @property
    def reason(self) -> str:
        """The sentence of a refusal; empty if it has none."""
        return str(self.content.get("detail", ""))[:300]


def call(
    address: Address,
    path: str,
    content: dict[str, Any] | None = None,
    *,
    secret: str = "",
    seconds: float = _SECONDS,
) -> Said:
    """Ask a room, or send it something, and return what it says.

    Nothing is followed that the answer leads to.

    Args:
        address: the room's.
        path: what is asked for.
        content: what is sent; None only asks.
        secret: of the learner who sends.
        seconds: after which the request is given up.

    Raises:
        NoRoom: if no answer comes, or one that no room gives.
    """
    is_safe = address.scheme == "https"
    kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
    connection = kind(address.host, address.port, timeout=seconds)
    # A limit of the socket begins anew with each byte.
    end = threading.Timer(seconds, _cut, [connection])
    end.daemon = True
    headers = {"Connection": "close"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    body = None
    if content is not None:
        body = json.dumps(content).encode()
        headers["Content-Type"] = "application/json"
    try:
        end.start()
        connection.request("GET" if body is None else "POST", path, body, headers)
        return _said(connection.getresponse())
    except TimeoutError:
        raise NoRoom(f"no answer within {seconds:g} s") from None
    except OSError as error:
        raise NoRoom(error.strerror or str(error) or type(error).__name__) from None
    except (http.client.HTTPException, ValueError, AttributeError, RuntimeError):
        raise NoRoom("what answers there is no room") from None
    finally:
        end.cancel()
        connection.close()


def _said(response: http.client.HTTPResponse) -> Said:
    text = response.read(_MOST_BYTES)
    if 300 <= response.status < 400:
        raise NoRoom("what answers there is no room")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise NoRoom("what answers there is no room")
    wait = response.getheader("Retry-After") or ""
    return Said(response.status, content, float(wait) if wait.isdecimal() else 0.0)


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
