"""Watch over the workers of one judgement: read what they say, stop them at a limit, leave none.

It runs in a process of its own, forked from the warm one, and is the parent of the workers. It
believes signed words only: neither an exit code nor anything that is printed.
"""

from __future__ import annotations

import contextlib
import ctypes
import hmac
import itertools
import json
import os
import re
import selectors
import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gradkata.course import Exercise
from gradkata.worker import SIGNATURE, WRITTEN, Ends, Limits, Order, sign, work

# Before its tests begin a worker runs no learner's code; on a busy machine that takes a while.
STARTUP = 120.0
# How often it is looked whether workers go on as they should, and how long words may pile up.
LOOK, NAP = 0.02, 0.004
FULL = 1 << 16  # what a pipe holds: whoever writes to it waits
# A worker writes down where it is when its time is over, and is stopped so much later.
GRACE = 0.2


def supervise(control: Connection, orders: Sequence[Order]) -> None:
    """Get workers ready, let them go when told to, and report what became of each.

    Args:
        control: says `go` or `drop`, and takes the report; its end means that nobody waits.
        orders: one for each worker.
    """
    # Ctrl-C is for whoever asked; when they are gone, this ends too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _adopt_orphans()
    workers = [_start(order) for order in orders]
    watch = _Watch(workers, control)
    try:
        if watch.until_the_end():
            file = answer_in(orders[0])
            report = [worker.heard.report(worker.ending, file) for worker in workers]
            with contextlib.suppress(OSError):
                control.send_bytes(json.dumps(report).encode())
    finally:
        _kill_all_of(workers)


class Heard:
    """What a worker has said so far, and how it goes on."""

    def __init__(self, secret: bytes, limits: Limits) -> None:
        self.secret = secret
        self.limits = limits
        self.rest = b""
        self.expected = 0
        self.words: list[dict[str, Any]] = []
        self.kinds: set[str] = set()
        self.output = bytearray()
        self.cut = 0
        self.stack = bytearray()

    def take(self, kind: str, data: bytes) -> None:
        """Take in what came through one of the worker's ends."""
        if kind == "stack":
            self.stack += data
        elif kind == "output":
            kept = max(0, self.limits.output - len(self.output))
            self.output += data[:kept]
            self.cut += max(0, len(data) - kept)
        else:
            *lines, self.rest = (self.rest + data).split(b"\n")
            for line in lines:
                self._take_word(line)

    def _take_word(self, line: bytes) -> None:
        """Believe a line that bears the next number and the signature; all else is noise."""
        mac, body = line[:SIGNATURE], line[SIGNATURE + 1 :]
        if body and hmac.compare_digest(mac, sign(body, self.secret)):
            word = json.loads(body)
            if word["number"] == self.expected:
                self.expected += 1
                self.kinds.add(word["kind"])
                self.words.append(word)

    def has_said(self, kind: str) -> bool:
        """Tell whether a word of this kind has come."""
        return kind in self.kinds

    def report(self, ending: tuple[str, str], file: str) -> dict[str, Any]:
        """Return plain values: how it ended, each verdict, and what was printed."""
        outcome, detail = ("ok", "") if self.has_said("end") else ending
        of_kind = {
            kind: [word for word in self.words if word["kind"] == kind]
            for kind in ("start", "verdict", "printed")
        }
        judged = {word["verdict"]["test"] for word in of_kind["verdict"]}
        running = [word["test"] for word in of_kind["start"] if word["test"] not in judged]
        return {
            "outcome": outcome,
            "detail": detail,
            "place": place_in(bytes(self.stack).decode(errors="replace"), file),
            "running": running[-1] if running and outcome != "ok" else "",
            "verdicts": [(word["verdict"], word["seconds"]) for word in of_kind["verdict"]],
            "printed": [(word["task"], word["text"]) for word in of_kind["printed"]],
            "output": self._output(),
        }

    def _output(self) -> str:
        text = bytes(self.output).decode(errors="replace")
        limit = f"{self.limits.output:,}"
        return text + (f"\n… cut after {limit} characters\n" if self.cut else "")


def answer_in(order: Order) -> str:
    """Return the file that is judged."""
    return str(Exercise(Path(order.root), order.exercise).answer_in(Path(order.answers)))


def place_in(stack: str, file: str) -> str:
    """Return the learner's file and, from a dump of the stack, the line in it."""
    for found in re.finditer(r'File "(.+)", line (\d+) in ', stack):
        if found[1] == file:
            return f"{file}:{found[2]}"
    return file


def ending_of(status: int) -> tuple[str, str]:
    """Say how a process ended before its last word, by its wait status."""
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        if name == "SIGKILL":
            return "out of memory", "the system killed it, most likely for want of memory"
        return "crashed", f"the process ended by {name} in the middle of a test"
    code = os.WEXITSTATUS(status)
    return "crashed", f"the process ended with code {code} in the middle of a test"


def late(limits: Limits) -> tuple[str, str]:
    """Say how a worker ends that reaches its limit of time."""
    return "timeout", f"it does not end: stopped after {limits.seconds:g} s"


@dataclass
class _Worker:
    """A worker's process, the descriptors to it, and what it said."""

    pid: int
    go: int
    reading: dict[int, str]
    heard: Heard
    limits: Limits
    ending: tuple[str, str] = ("", "")
    deadline: float = field(default=float("inf"))

    @property
    def is_over(self) -> bool:
        return self.heard.has_said("end") or bool(self.ending[0])

    def let_go(self) -> None:
        self.deadline = time.monotonic() + STARTUP
        with contextlib.suppress(OSError):
            os.write(self.go, b"g")

    def take(self, kind: str, data: bytes) -> None:
        had_begun = self.heard.has_said("begin")
        self.heard.take(kind, data)
        if not had_begun and self.heard.has_said("begin"):
            self.deadline = time.monotonic() + self.limits.seconds + GRACE


def _start(order: Order) -> _Worker:
    secret = os.urandom(32)
    go_read, go_write = os.pipe()
    pipes = {kind: os.pipe() for kind in WRITTEN}
    pid = os.fork()
    if pid == 0:
        writing = {kind: end for kind, (_, end) in pipes.items()}
        _close_all_but([go_read, *writing.values()])
        os.setsid()
        _die_with_parent()
        _limit_memory(order.limits.memory)
        try:
            work(order, secret, Ends(go=go_read, **writing))
        finally:
            os._exit(1)
    for end in (go_read, *(end for _, end in pipes.values())):
        os.close(end)
    for end, _ in pipes.values():
        os.set_blocking(end, False)
    reading = {end: kind for kind, (end, _) in pipes.items()}
    return _Worker(pid, go_write, reading, Heard(secret, order.limits), order.limits)


def _close_all_but(kept: Iterable[int]) -> None:
    """Leave the worker nothing to write to that anybody else listens to."""
    bounds = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for low, high in itertools.pairwise(bounds):
        os.closerange(low + 1, high)


class _Watch:
    """Reads what workers write until each has ended, or reached a limit."""

    def __init__(self, workers: Sequence[_Worker], control: Connection) -> None:
        self.workers = workers
        self.control = control
        self.going = False
        self.flooded = False

    def until_the_end(self) -> bool:
        """Return when every worker has ended, by itself or by force; False if nobody waits."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.control.fileno(), selectors.EVENT_READ)
            for worker in self.workers:
                for end in worker.reading:
                    selector.register(end, selectors.EVENT_READ, worker)
            looked = 0.0
            while not all(worker.is_over for worker in self.workers):
                # Nothing is to be looked after until the learner's code runs.
                if not self._read(selector, LOOK if self.going else None):
                    return False
                # Words come by the hundred, and the workers need the processors.
                if self.going:
                    time.sleep(0 if self.flooded else NAP)
                    if time.monotonic() - looked >= LOOK:
                        self._look_after()
                        looked = time.monotonic()
            # What they wrote last is still in the pipes.
            while self._read(selector, 0.0) and selector.select(0.0):
                pass
        return True

    def _read(self, selector: selectors.BaseSelector, patience: float | None) -> bool:
        """Take in what there is; False if whoever asked wants no answer any more."""
        self.flooded = False
        for key, _ in selector.select(patience):
            if key.data is None:
                if not self._obey():
                    return False
                continue
            data = os.read(key.fd, 1 << 20)
            self.flooded |= len(data) >= FULL
            if data:
                key.data.take(key.data.reading[key.fd], data)
            else:
                selector.unregister(key.fd)
        return True

    def _obey(self) -> bool:
        try:
            self.going = self.control.recv_bytes() == b"go"
        except (EOFError, OSError):
            return False
        for worker in self.workers:
            worker.let_go()
        return self.going

    def _look_after(self) -> None:
        for worker in self.workers:
            if worker.is_over:
                continue
            ended, status = os.waitpid(worker.pid, os.WNOHANG)
            if ended:
                worker.ending = ending_of(status)
            elif time.monotonic() > worker.deadline:
                worker.ending = late(worker.limits)
                self._kill(worker)
        self._stop_the_most_fertile()

    def _stop_the_most_fertile(self) -> None:
        everybody = _descendants(os.getpid())
        limit = self.workers[0].limits.processes
        if len(everybody) <= limit:
            return
        sessions = [_session_of(pid) for pid in everybody]
        guilty = max(
            self.workers,
            key=lambda w: max(sessions.count(w.pid), len(_descendants(w.pid))),
        )
        guilty.ending = ("crashed", f"it started more than {limit} processes")
        self._kill(guilty)

    def _kill(self, worker: _Worker) -> None:
        _kill_all_of([worker], spared=[w for w in self.workers if w is not worker])


# Processes, on Linux by /proc; elsewhere the worker's group alone is known


def _adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _die_with_parent() -> None:
    """Be killed when the supervisor is (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG


def _limit_memory(more: int) -> None:
    """Let the process have so many bytes more than it has now (Linux)."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        status = Path("/proc/self/status").read_text()
        data = int(status.partition("VmData:")[2].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (data + more, data + more))


def _descendants(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _kill_all_of(workers: Sequence[_Worker], *, spared: Sequence[_Worker] = ()) -> None:
    """Kill the workers' groups and every descendant, until nothing but the spared is left.

    What forks meanwhile is found in the next round.
    """
    for worker in workers:
        with contextlib.suppress(OSError):
            os.killpg(worker.pid, signal.SIGKILL)
    while found := _all_but_those_of(spared):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
        for pid in found:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _all_but_those_of(spared: Sequence[_Worker]) -> list[int]:
    """Return every descendant of this process that no spared worker has started."""
    sessions = {worker.pid for worker in spared}
    family = {pid for worker in spared for pid in _descendants(worker.pid)} | sessions
    everybody = _descendants(os.getpid())
    return [pid for pid in everybody if pid not in family and _session_of(pid) not in sessions]


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0
