"""Watch over the workers of one judgement: read what they send, stop them at a limit, leave none.

It runs in a process of its own, forked from the warm one, and is the parent of the workers. It
believes signed messages only: neither an exit code nor anything that is printed. What is not
implemented for Windows needs what Windows lacks; the rest is of use to `spawned` too.

A worker that ends before it has sent all costs the task that ended it; a new worker judges what
is left of its share.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gradkata.judging import processes
from gradkata.judging.forking import ASK_FOR_THE_REST
from gradkata.judging.processes import GRACE, PATIENCE
from gradkata.judging.protocol import WRITTEN, Control, Order, Pipes, start_line
from gradkata.judging.transcript import CLOSED, Transcript, send_report, without_workers

# Seconds between liveness checks; the pause that lets messages batch.
CHECK_EVERY, BATCH_PAUSE = 0.02, 0.004
FULL = 1 << 16  # what a pipe holds: whoever writes to it waits

# How many workers may end before any of the learner's code has run: no task is to blame.
SPARE = 3


# What a forked worker does, to its end.
Work = Callable[[Order, bytes, Pipes], object]


def supervise(control: Control, orders: Sequence[Order], work: Work | None = None) -> None:
    """Get workers ready, start them when told to, and report what became of each.

    Args:
        control: gives the list of the tasks that come first, to begin, or `null`, to drop it
            all; its end means the same. It takes the reports: an early one as soon as the first
            tasks are through, and the last one. Where a worker asks for more, as in grading, it
            takes `asks`, and gives what that worker is told.
        orders: one for each worker.
        work: what a worker does; without it, it collects the tests and judges.
    """
    processes.outlive_terminal()
    signal.signal(ASK_FOR_THE_REST, signal.SIG_DFL)
    # Here, not above: whoever shows verdicts imports this module, and has no use for pytest.
    from gradkata.judging import preload

    if preload.FAILURE:
        parts = [without_workers("error", preload.FAILURE)]
        control.send_bytes(json.dumps({"early": False, "parts": parts}).encode())
        return
    processes.adopt_orphans()
    work = work or _usual_work
    workers = [_start(order, work) for order in orders]
    try:
        with selectors.DefaultSelector() as selector:
            if _Supervision(workers, control, selector).until_the_end():
                send_report(control, workers, early=False)
    finally:
        processes.kill_all_of([worker.pid for worker in workers if not worker.is_replaced])


def ask_for_more() -> None:
    """Ask the warm process, of which this is a fork, to import one part more of the rest."""
    os.kill(os.getppid(), ASK_FOR_THE_REST)


def find_it_ready() -> None:
    """Do nothing: this is a fork of the warm process, so the imports are already made."""


@dataclass
class _ForkedWorker:
    """A worker's process, the descriptors to it, and its transcript."""

    pid: int
    start_pipe: int
    reading: dict[int, str]
    transcript: Transcript
    work: Work
    silent_since: float = float("inf")
    is_replaced: bool = False
    is_started: bool = False
    is_waiting: bool = False

    def start(self, first: Sequence[str]) -> None:
        self.is_started = True
        self.transcript.expect_to_begin()
        with contextlib.suppress(OSError):
            os.write(self.start_pipe, start_line(first))

    def take(self, kind: str, data: bytes) -> bool:
        """Take in what it has written, and tell whether that was its request for more."""
        asked = self.transcript.has_asked
        self.transcript.take(kind, data)
        self.is_waiting |= self.transcript.has_asked and not asked and not self.is_replaced
        return self.is_waiting and not asked

    def tell(self, told: Any) -> None:
        """Start it with the tasks that come first, or else give it what it has asked for."""
        if not self.is_started:
            self.start(told)
        elif self.is_waiting:
            self.is_waiting = False
            with contextlib.suppress(OSError):
                os.write(self.start_pipe, json.dumps(told).encode() + b"\n")


def _usual_work(order: Order, secret: bytes, pipes: Pipes) -> None:
    # Here, not above, as in `supervise`.
    from gradkata.judging.worker import work

    work(order, secret, pipes)


def _start(order: Order, work: Work) -> _ForkedWorker:
    if sys.platform == "win32":
        raise NotImplementedError
    secret = os.urandom(32)
    start_read, start_write = os.pipe()
    pipes = {kind: os.pipe() for kind in WRITTEN}
    pid = os.fork()
    if pid == 0:
        writing = {kind: end for kind, (_, end) in pipes.items()}
        processes.close_all_but([start_read, *writing.values()])
        os.setsid()
        processes.mind_signals()
        processes.be_a_parent()
        processes.die_with_parent()
        processes.limit_memory(order.limits.memory)
        try:
            work(order, secret, Pipes(start=start_read, **writing))
        finally:
            os._exit(1)
    for end in (start_read, *(end for _, end in pipes.values())):
        os.close(end)
    for end, _ in pipes.values():
        os.set_blocking(end, False)
    reading = {end: kind for kind, (end, _) in pipes.items()}
    return _ForkedWorker(pid, start_write, reading, Transcript(order, secret), work)


class _Supervision:
    """Reads what workers write until each has ended, or reached a limit."""

    def __init__(
        self, workers: list[_ForkedWorker], control: Control, selector: selectors.BaseSelector
    ) -> None:
        self.workers = workers
        self.control = control
        self.selector = selector
        self.going = False
        self.first: list[str] = []
        self.flooded = False
        self.spare = SPARE

    def until_the_end(self) -> bool:
        """Return when every worker has ended, by itself or by force; False if nobody waits."""
        self.selector.register(self.control.fileno(), selectors.EVENT_READ)
        for worker in self.workers:
            self._listen(worker)
        looked = 0.0
        while not all(worker.transcript.is_over for worker in self.workers):
            # There is nothing to watch until the learner's code runs.
            if not self._read(CHECK_EVERY if self.going else None):
                return False
            self._report_early()
            # Messages come by the hundred, and workers that wait for nothing need the processors.
            if self.going and not any(worker.is_waiting for worker in self.workers):
                time.sleep(0 if self.flooded else BATCH_PAUSE)
                if time.monotonic() - looked >= CHECK_EVERY:
                    self._look_after()
                    looked = time.monotonic()
        # What they wrote last is still in the pipes. What they left behind may go on writing.
        enough = time.monotonic() + GRACE
        while self._read(0.0) and self.selector.select(0.0):
            if time.monotonic() > enough:
                break
        return True

    def _listen(self, worker: _ForkedWorker) -> None:
        for end in worker.reading:
            self.selector.register(end, selectors.EVENT_READ, worker)

    def _read(self, patience: float | None) -> bool:
        """Read all pending messages; False if the requester has given up."""
        self.flooded = False
        for key, _ in self.selector.select(patience):
            if key.data is not None:
                self.flooded |= self._read_end(key.fd, key.data) >= FULL
            elif not self._obey():
                return False
        return True

    def _read_end(self, end: int, worker: _ForkedWorker) -> int:
        """Read what a worker has written to one of its pipes, and return how many bytes."""
        data = os.read(end, 1 << 20)
        if data:
            if worker.take(worker.reading[end], data):
                self.control.send_bytes(b'{"asks": true}')
        else:
            self.selector.unregister(end)
            if worker.reading[end] == "messages":
                worker.silent_since = time.monotonic()
        return len(data)

    def _obey(self) -> bool:
        """Read what the requester says; False if they have given up."""
        try:
            told = json.loads(self.control.recv_bytes())
        except (EOFError, OSError):
            return False
        if told is None:
            return False
        self.going, self.first = True, self.first if self.going else told
        for worker in self.workers:
            worker.tell(told)
        return True

    def _report_early(self) -> None:
        """Report once the tasks that come first are through."""
        if self.first and all(worker.transcript.is_through(self.first) for worker in self.workers):
            self.first = []
            if not all(worker.transcript.is_over for worker in self.workers):
                send_report(self.control, self.workers, early=True)

    def _look_after(self) -> None:
        if sys.platform == "win32":
            raise NotImplementedError
        for worker in self.workers:
            if not worker.transcript.is_over:
                self._look_at(worker)
        _stop_the_most_fertile(self.workers)
        _stop_the_hungriest(self.workers)
        for worker in list(self.workers):
            if worker.transcript.ending[0] and not worker.is_replaced:
                self._replace(worker)

    def _look_at(self, worker: _ForkedWorker) -> None:
        """Note whether it has ended, and end it if it cannot go on."""
        if sys.platform == "win32":
            raise NotImplementedError
        transcript = worker.transcript
        transcript.became = processes.other_program(worker.pid)
        ended, status = os.waitpid(worker.pid, os.WNOHANG | os.WUNTRACED)
        if ended and os.WIFSTOPPED(status):
            by = processes.name_of_signal(os.WSTOPSIG(status))
            transcript.end_crashed(f"the process was stopped by {by}")
        elif ended:
            transcript.end_by(processes.told_by(os.waitstatus_to_exitcode(status)))
        elif transcript.is_late:
            transcript.end_late()
            # To write down where it is; before its tests it knows no such signal.
            if transcript.has_said("begin"):
                os.kill(worker.pid, signal.SIGUSR1)
                time.sleep(GRACE)
        elif time.monotonic() - worker.silent_since > GRACE:
            transcript.end_crashed(CLOSED)

    def _replace(self, worker: _ForkedWorker) -> None:
        """Let a new worker judge what one that has ended leaves without a verdict."""
        worker.is_replaced = True
        # The processes that it left would run beside the new one.
        self._kill(worker)
        self._read_the_last_of(worker)
        rest = worker.transcript.unjudged()
        if rest is None:
            return
        if not worker.transcript.has_run_a_task:
            if not self.spare:
                return
            self.spare -= 1
            self.workers.remove(worker)
        self.workers.append(_start(rest, worker.work))
        self._listen(self.workers[-1])
        self.workers[-1].start(self.first)

    def _read_the_last_of(self, worker: _ForkedWorker) -> None:
        enough = time.monotonic() + PATIENCE
        for end in worker.reading:
            with contextlib.suppress(BlockingIOError):
                while end in self.selector.get_map() and time.monotonic() < enough:
                    self._read_end(end, worker)
            if end in self.selector.get_map():
                self.selector.unregister(end)
            os.close(end)
        os.close(worker.start_pipe)

    def _kill(self, worker: _ForkedWorker) -> None:
        others = [other for other in self.workers if other is not worker]
        spared = [other.pid for other in others if not other.is_replaced]
        processes.kill_all_of([worker.pid], spared=spared)


def _stop_the_most_fertile(workers: Sequence[_ForkedWorker]) -> None:
    """End the worker that has started the most processes, if they are too many."""
    limit = workers[0].transcript.order.limits.processes
    if processes.how_many() <= limit:
        return
    alive = [worker for worker in workers if not worker.is_replaced]
    guilty = alive[0]
    if len(alive) > 1:
        sessions = [processes.session_of(pid) for pid in processes.descendants(os.getpid())]
        guilty = max(
            alive, key=lambda w: max(sessions.count(w.pid), len(processes.descendants(w.pid)))
        )
    guilty.transcript.ending = ("crashed", f"it started more than {limit} processes")


def _stop_the_hungriest(workers: Sequence[_ForkedWorker]) -> None:
    """End the worker whose family has the most memory, if all have more than they may."""
    limit = workers[0].transcript.order.limits.family
    if not limit or any(w.transcript.ending[0] and not w.is_replaced for w in workers):
        return
    alive = [worker for worker in workers if not worker.is_replaced]
    families = [[w.pid, *processes.descendants(w.pid)] for w in alive]
    if sum(sum(map(processes.resident, family)) for family in families) <= limit:
        return
    # A fork's pages are counted above as often as they are shared.
    sizes = []
    for family in families:
        size = 0
        for pid in family:
            # To ask one that forks without end takes long, and the others go on meanwhile.
            if processes.how_many() > workers[0].transcript.order.limits.processes:
                return
            size += processes.own_memory(pid)
        sizes.append(size)
    if sum(sizes) > limit:
        guilty = alive[sizes.index(max(sizes))]
        reason = f"it and what it started took more than {limit / 2**30:g} GiB of memory"
        guilty.transcript.ending = ("out of memory", reason)
