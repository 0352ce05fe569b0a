"""The protocol between a judgement and its workers: limits, orders, pipes and signed messages.

Whoever shows verdicts imports this, so it needs neither pytest nor torch.
"""

from __future__ import annotations

import hmac
import json
import multiprocessing.connection
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

SIGNATURE = 64  # characters before each message
PRINTED = b"printed "  # stands before what is not signed
CUT_OFF = 199  # the exit code of a worker that can send nothing any more
CHANGED = "{} was written to while it was at work: judge again"
WRITTEN = ("messages", "output", "stack")  # what a worker writes to
AWAITED = "awaited"  # a file that tells a fresh process that its verdict is waited for


@dataclass(frozen=True)
class Limits:
    """How far a judgement may go.

    Args:
        seconds: for a single test, from outside; after half of it pytest-timeout stops it from
            within, or it is stopped from outside where nothing can do that. A test that bears a
            limit of its own has twice that.
        memory: bytes that a worker may have beyond what the warm process has.
        output: bytes of what a task prints that are kept.
        processes: how many a judgement may have at a time, its workers among them.
        family: bytes that all its workers and what they started may have together in memory;
            0 if nobody looks (Linux).
    """

    seconds: float = 20.0
    memory: int = 4 * 2**30
    output: int = 20_000
    processes: int = 64
    family: int = 0


@dataclass(frozen=True)
class Order:
    """What a worker is to judge: some tasks of one exercise.

    `digest` is that of the tests' file. `judged` are the tests of these tasks that have their
    verdict from an earlier worker.
    """

    root: str
    exercise: str
    answers: str
    device: str
    tasks: tuple[str, ...]
    limits: Limits
    digest: str
    judged: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Pipes:
    """The descriptors that a worker has: it reads `start`, and writes to the others."""

    start: int
    messages: int
    output: int
    stack: int


def sign(body: bytes, secret: bytes) -> bytes:
    """Return the signature of a message's body."""
    return hmac.digest(secret, body, "sha256").hex().encode()


def verify(signature: bytes, body: bytes, secret: bytes) -> bool:
    """Tell whether a message's body bears its signature."""
    return hmac.compare_digest(signature, sign(body, secret))


def notice_of_cut(kept: int) -> str:
    """Say that more was printed than is kept."""
    return f"\n… cut after {kept:,} bytes\n"


def read_line(end: int) -> bytes:
    """Read one line; return nothing if it is cut short."""
    line = b""
    while not line.endswith(b"\n"):
        read = os.read(end, 1)
        if not read:
            return b""
        line += read
    return line


# What `multiprocessing.Pipe` gives.
if sys.platform == "win32":
    Control = multiprocessing.connection.PipeConnection
else:
    Control = multiprocessing.connection.Connection


def start_line(first: Sequence[str]) -> bytes:
    """Return the line that starts a worker; it names the tasks that come first."""
    return json.dumps(list(first)).encode() + b"\n"
