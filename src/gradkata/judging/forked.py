"""Watch over the workers of one judgement: read what they say, stop them at a limit, leave none.

It runs in a process of its own, forked from the warm one, and is the parent of the workers. It
believes signed words only: neither an exit code nor anything that is printed. What is not
implemented for Windows needs what Windows lacks; the rest is of use to `spawned` too.

A worker that ends before it has said all costs the task that ended it; a new worker judges what
is left of its share.
"""

from __future__ import annotations

import contextlib
import ctypes
import hmac
import itertools
import json
import multiprocessing.connection
import os
import re
import selectors
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from gradkata.course import Exercise
from gradkata.judging.worker import (
    CUT_OFF,
    PRINTED,
    SIGNATURE,
    WRITTEN,
    Ends,
    Order,
    name_of_signal,
    notice_of_cut,
    sign,
    work,
)

# Before its tests begin a worker runs no learner's code; on a busy machine that takes a while.
STARTUP = 120.0
# How often it is looked whether workers go on as they should, and how long words may pile up.
LOOK, NAP = 0.02, 0.004
FULL = 1 << 16  # what a pipe holds: whoever writes to it waits
# Workers that end before any of the learner's code has run are not a task's doing.
SPARE = 3
MOST_UNREAD = 1 << 22  # bytes without an end of line: no word is as long
# A worker writes down where it is when its time is over, and is stopped so much later.
GRACE = 0.2
PATIENCE = 10.0  # with what cannot be killed
_CLOSED = "it closed files that are not its own"

# What `multiprocessing.Pipe` gives.
if sys.platform == "win32":
    Control = multiprocessing.connection.PipeConnection
else:
    Control = multiprocessing.connection.Connection


def supervise(control: Control, orders: Sequence[Order]) -> None:
    """Get workers ready, let them go when told to, and report what became of each.

    Args:
        control: gives the list of the tasks that come first, to begin, or `null`, to drop it
            all; its end means the same. It takes the reports: an early one as soon as the first
            tasks are through, and the last one.
        orders: one for each worker.
    """
    # Ctrl-C is for whoever asked; when they are gone, this ends too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _adopt_orphans()
    workers = [_start(order) for order in orders]
    try:
        with selectors.DefaultSelector() as selector:
            if _Watch(workers, control, selector).until_the_end():
                send_report(control, workers, early=False)
    finally:
        _kill_all_of([worker for worker in workers if not worker.is_replaced])


class Worker(Protocol):
    """A worker, forked or fresh."""

    heard: Heard


def send_report(control: Control, workers: Sequence[Worker], *, early: bool) -> None:
    """Send what the workers have said so far; whoever waits for it may be gone."""
    parts = [worker.heard.report() for worker in workers]
    with contextlib.suppress(OSError):
        control.send_bytes(json.dumps({"early": early, "parts": parts}).encode())


def word_to_go(first: Sequence[str]) -> bytes:
    """Return the line that lets a worker begin, with the tasks that come first."""
    return json.dumps(list(first)).encode() + b"\n"


class Heard:
    """What a worker has said so far, how it ended if it has not said all, and when it is late."""

    def __init__(self, order: Order, secret: bytes) -> None:
        self.order = order
        self.secret = secret
        self.rest = b""
        self.expected = 0
        self.words: list[dict[str, Any]] = []
        self.kinds: set[str] = set()
        self.printed: dict[str, str] = {}
        self.output = bytearray()
        self.cut = 0
        self.stack = bytearray()
        self.ending = ("", "")
        self.became = ""
        self.oom_kills = _oom_kills()
        self.may_take = self.deadline = float("inf")

    def expect_to_begin(self) -> None:
        """Give it the time that a busy machine takes to get ready."""
        self._allow(STARTUP)

    def _allow(self, seconds: float) -> None:
        self.may_take, self.deadline = seconds, time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether it has said all, or has ended before that."""
        return self.has_said("end") or bool(self.ending[0])

    @property
    def is_late(self) -> bool:
        """Whether what it is at takes longer than it may."""
        return time.monotonic() > self.deadline

    def is_through(self, first: Sequence[str]) -> bool:
        """Tell whether those tasks that it has of these are through."""
        has_none = not set(first) & set(self.order.tasks)
        return has_none or self.has_said("first") or self.is_over

    def take(self, kind: str, data: bytes) -> None:
        """Take in what came through one of the worker's ends."""
        if kind == "stack":
            self.stack += data
        elif kind == "output":
            kept = max(0, self.order.limits.output - len(self.output))
            self.output += data[:kept]
            self.cut += max(0, len(data) - kept)
        else:
            *lines, self.rest = (self.rest + data).split(b"\n")
            self.rest = self.rest[:MOST_UNREAD]
            for line in lines:
                if line.startswith(PRINTED):
                    self._take_printed(line.removeprefix(PRINTED))
                else:
                    self._take_word(line)

    def _take_printed(self, body: bytes) -> None:
        """Take in what is not signed, as it decides nothing; a learner's code may write any."""
        with contextlib.suppress(
            ValueError, LookupError, TypeError, AttributeError, RecursionError
        ):
            word = json.loads(body)
            task, text = word["task"], word["text"].encode(errors="replace").decode()
            if task in ("", *self.order.tasks):
                # A worker cuts what is too long by itself, and says so.
                most = self.order.limits.output + len(notice_of_cut(self.order.limits.output))
                self.printed[task] = (self.printed.get(task, "") + text)[:most]

    def _take_word(self, line: bytes) -> None:
        """Believe a line that bears the next number and the signature; all else is noise."""
        mac, body = line[:SIGNATURE], line[SIGNATURE + 1 :]
        if not body or not hmac.compare_digest(mac, sign(body, self.secret)):
            return
        word = json.loads(body)
        if word["number"] != self.expected:
            return
        self.expected += 1
        self.kinds.add(word["kind"])
        self.words.append(word)
        if word["kind"] in ("begin", "start"):
            self._allow(word.get("may_take", self.order.limits.seconds))

    def has_said(self, kind: str) -> bool:
        """Tell whether a word of this kind has come."""
        return kind in self.kinds

    def end_late(self) -> None:
        """Note that it was stopped because it took too long."""
        self.ending = ("timeout", f"it does not end: stopped after {self.may_take:g} s")

    def end_by(self, how: int | str) -> None:
        """Note that its process has ended, with this exit code or by what has this name."""
        if how == "SIGKILL" and _oom_kills() > self.oom_kills:
            self.ending = ("out of memory", "the system killed it for want of memory")
        elif isinstance(how, int):
            self.end_crashed(f"the process ended with code {how}")
        else:
            self.end_crashed(f"the process ended by {how}")

    def end_crashed(self, fact: str) -> None:
        """Note how its process has ended; what it said last may still be on its way."""
        self.ending = ("ended", fact)

    def _told_ending(self) -> tuple[str, str]:
        """Return the outcome and a sentence; pytest itself says why it did not begin."""
        outcome, fact = self.ending
        if not self.has_said("begin"):
            said = self.printed.get("", "").strip()
            return "error", said.removeprefix("ERROR: ") or f"{fact} before its tests began"
        return ("crashed", f"{self._fact()} {self._when()}") if outcome == "ended" else self.ending

    def _fact(self) -> str:
        """Return how it ended: by its own words if they fit, or else by what the system says."""
        fact = self.ending[1]
        last = self.words[-1]
        if last["kind"] == "ends itself" and last["by"] in ("exec", fact.split()[-1]):
            return str(last["how"])
        if fact.endswith(f" {CUT_OFF}"):
            return _CLOSED
        if self.became:
            return f"it replaced itself by another program, {self.became},"
        return fact

    def _when(self) -> str:
        if self.is_at_import:
            return "at import"
        when = "in the middle of a test" if self._running() else "between two tests"
        if not self.suspects:
            return when
        return f"{when} of {self._at_hand}, while a thread that {self.suspects[0]} had left went on"

    @property
    def is_at_import(self) -> bool:
        """Whether the learner's file was being run when it said its last word."""
        return self.has_said("start") and not self.has_said("executed")

    @property
    def has_run_a_task(self) -> bool:
        """Whether a task of the learner's has run."""
        return self.has_said("start") and not self.is_at_import

    @property
    def _at_hand(self) -> str:
        """The task that began a test last; empty if none did."""
        begun = self._of_kind("start")
        return dict(self._tests())[begun[-1]["test"]] if begun else ""

    @property
    def suspects(self) -> list[str]:
        """The tasks that are through, and had left a thread beside the test that began last."""
        left = self._tasks_left()
        return [
            task
            for word in self._of_kind("start")[-1:]
            for task in word["beside"]
            if task not in left
        ]

    @property
    def _is_in_doubt(self) -> bool:
        """Whether the task at hand is to be judged without the threads of others."""
        return bool(self.suspects and self._running())

    def _tests(self) -> list[tuple[str, str]]:
        return [(test, task) for word in self._of_kind("begin") for test, task in word["tests"]]

    def _judged(self) -> set[str]:
        return {word["verdict"]["test"] for word in self._of_kind("verdict")}

    def _tasks_left(self) -> tuple[str, ...]:
        judged = self._judged()
        return tuple(dict.fromkeys(task for test, task in self._tests() if test not in judged))

    def unjudged(self) -> Order | None:
        """Return what a new worker is to judge in its place, if anything is left.

        That is all that has no verdict, but the task that ended this one. A file that ends its
        process at import would do so again.
        """
        if self.has_said("end") or self.is_at_import:
            return None
        if not self.has_said("begin"):
            said_why = self.printed or self.ending[0] != "ended"
            return None if said_why else self.order
        guilty = "" if self._is_in_doubt else self._at_hand
        tasks = tuple(task for task in self._tasks_left() if task != guilty)
        judged = (*self.order.judged, *sorted(self._judged()))
        return replace(self.order, tasks=tasks, judged=judged) if tasks else None

    def report(self) -> dict[str, Any]:
        """Return plain values: how it ended, each verdict, and what was printed."""
        is_well = self.has_said("end") or not self.ending[0]
        outcome, detail = ("ok", "") if is_well else self._told_ending()
        return {
            "outcome": outcome,
            "detail": detail,
            "place": self._place(),
            "tasks": [] if is_well else self._blamed(),
            "running": "" if is_well else self._running(),
            "doubted": self._at_hand if not is_well and self._is_in_doubt else "",
            "at_import": not is_well and self.is_at_import,
            "verdicts": [(w["verdict"], w["seconds"]) for w in self._of_kind("verdict")],
            "printed": list(self.printed.items()),
            "output": self._output(),
        }

    def _place(self) -> str:
        file = answer_in(self.order)
        stacks = bytes(self.stack).decode(errors="replace")
        return file if self.suspects else place_in(stacks, file)

    def _blamed(self) -> list[str]:
        """Return the tasks that are wrong because it has ended."""
        if self.is_at_import:
            return list(self.order.tasks)
        return self.suspects or ([self._at_hand] if self._at_hand else [])

    def _of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [word for word in self.words if word["kind"] == kind]

    def _running(self) -> str:
        """Return the test that began last, if it has no verdict."""
        judged = {word["verdict"]["test"] for word in self._of_kind("verdict")}
        begun = [word["test"] for word in self._of_kind("start")]
        return next((test for test in reversed(begun) if test not in judged), "")

    def _output(self) -> str:
        text = bytes(self.output).decode(errors="replace")
        return text + (notice_of_cut(self.order.limits.output) if self.cut else "")


# What Windows tells by an exit code, where other systems have signals.
_WINDOWS = {
    0xC0000005: "an access violation",
    0xC000001D: "an illegal instruction",
    0xC0000094: "a division by zero",
    0xC00000FD: "a stack overflow",
    0xC0000374: "a damaged heap",
    0xC0000409: "a call of abort",
}


def told_by(code: int) -> int | str:
    """Return an exit code as it is, and the name of what ended the process if it tells that.

    A negative one stands for a signal.
    """
    if code >= 0:
        return _WINDOWS.get(code, code)
    return name_of_signal(-code)


def answer_in(order: Order) -> str:
    """Return the file that is judged."""
    return str(Exercise(Path(order.root), order.exercise).answer_in(Path(order.answers)))


def place_in(stacks: str, file: str) -> str:
    """Return the learner's file and, from the last dump of a stack, the line in it.

    A dump has a part for each thread; the current one comes first.
    """
    parts = re.split(r"^(.*\(most recent call first\)):$", stacks, flags=re.MULTILINE)
    threads = list(zip(parts[1::2], parts[2::2], strict=True))[::-1]
    for _, lines in sorted(threads, key=lambda thread: not thread[0].startswith("Current")):
        for found in re.finditer(r'File "(.+)", line (\d+) in ', lines):
            if found[1] == file:
                return f"{file}:{found[2]}"
    return file


@dataclass
class _Worker:
    """A worker's process, the descriptors to it, and what it said."""

    pid: int
    go: int
    reading: dict[int, str]
    heard: Heard
    silent_since: float = float("inf")
    is_replaced: bool = False

    def let_go(self, first: Sequence[str]) -> None:
        self.heard.expect_to_begin()
        with contextlib.suppress(OSError):
            os.write(self.go, word_to_go(first))


def _start(order: Order) -> _Worker:
    if sys.platform == "win32":
        raise NotImplementedError
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
    return _Worker(pid, go_write, reading, Heard(order, secret))


def _close_all_but(kept: Iterable[int]) -> None:
    """Leave the worker nothing to write to that anybody else listens to."""
    if sys.platform == "win32":
        raise NotImplementedError
    bounds = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for low, high in itertools.pairwise(bounds):
        os.closerange(low + 1, high)


class _Watch:
    """Reads what workers write until each has ended, or reached a limit."""

    def __init__(
        self, workers: list[_Worker], control: Control, selector: selectors.BaseSelector
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
        while not all(worker.heard.is_over for worker in self.workers):
            # Nothing is to be looked after until the learner's code runs.
            if not self._read(LOOK if self.going else None):
                return False
            self._report_early()
            # Words come by the hundred, and the workers need the processors.
            if self.going:
                time.sleep(0 if self.flooded else NAP)
                if time.monotonic() - looked >= LOOK:
                    self._look_after()
                    looked = time.monotonic()
        # What they wrote last is still in the pipes. What they left behind may go on writing.
        enough = time.monotonic() + GRACE
        while self._read(0.0) and self.selector.select(0.0):
            if time.monotonic() > enough:
                break
        return True

    def _listen(self, worker: _Worker) -> None:
        for end in worker.reading:
            self.selector.register(end, selectors.EVENT_READ, worker)

    def _read(self, patience: float | None) -> bool:
        """Take in what there is; False if whoever asked wants no answer any more."""
        self.flooded = False
        for key, _ in self.selector.select(patience):
            if key.data is not None:
                self.flooded |= self._read_end(key.fd, key.data) >= FULL
            elif not self._obey():
                return False
        return True

    def _read_end(self, end: int, worker: _Worker) -> int:
        """Take in what a worker has written to one of its ends, and return how much it is."""
        data = os.read(end, 1 << 20)
        if data:
            worker.heard.take(worker.reading[end], data)
        else:
            self.selector.unregister(end)
            if worker.reading[end] == "words":
                worker.silent_since = time.monotonic()
        return len(data)

    def _obey(self) -> bool:
        """Take in what whoever asked says; False if they want no answer any more."""
        try:
            told = json.loads(self.control.recv_bytes())
        except (EOFError, OSError):
            return False
        if told is None:
            return False
        self.going, self.first = True, told
        for worker in self.workers:
            worker.let_go(self.first)
        return True

    def _report_early(self) -> None:
        """Report as soon as the tasks that come first are through."""
        if self.first and all(worker.heard.is_through(self.first) for worker in self.workers):
            self.first = []
            if not all(worker.heard.is_over for worker in self.workers):
                send_report(self.control, self.workers, early=True)

    def _look_after(self) -> None:
        if sys.platform == "win32":
            raise NotImplementedError
        for worker in self.workers:
            if not worker.heard.is_over:
                self._look_at(worker)
        self._stop_the_most_fertile()
        for worker in list(self.workers):
            if worker.heard.ending[0] and not worker.is_replaced:
                self._replace(worker)

    def _look_at(self, worker: _Worker) -> None:
        """Note if it has ended, and end it if it cannot go on."""
        if sys.platform == "win32":
            raise NotImplementedError
        heard = worker.heard
        heard.became = _other_program(worker.pid)
        ended, status = os.waitpid(worker.pid, os.WNOHANG | os.WUNTRACED)
        if ended and os.WIFSTOPPED(status):
            heard.end_crashed(f"the process was stopped by {name_of_signal(os.WSTOPSIG(status))}")
        elif ended:
            heard.end_by(told_by(os.waitstatus_to_exitcode(status)))
        elif heard.is_late:
            heard.end_late()
            # To write down where it is; before its tests it knows no such signal.
            if heard.has_said("begin"):
                os.kill(worker.pid, signal.SIGUSR1)
                time.sleep(GRACE)
        elif time.monotonic() - worker.silent_since > GRACE:
            heard.end_crashed(_CLOSED)

    def _replace(self, worker: _Worker) -> None:
        """Let a new worker judge what one that has ended leaves without a verdict."""
        worker.is_replaced = True
        # What it has left behind would go on beside the new one.
        self._kill(worker)
        self._read_the_last_of(worker)
        rest = worker.heard.unjudged()
        if rest is None:
            return
        if not worker.heard.has_run_a_task:
            if not self.spare:
                return
            self.spare -= 1
            self.workers.remove(worker)
        self.workers.append(_start(rest))
        self._listen(self.workers[-1])
        self.workers[-1].let_go(self.first)

    def _read_the_last_of(self, worker: _Worker) -> None:
        enough = time.monotonic() + PATIENCE
        for end in worker.reading:
            with contextlib.suppress(BlockingIOError):
                while end in self.selector.get_map() and time.monotonic() < enough:
                    self._read_end(end, worker)
            if end in self.selector.get_map():
                self.selector.unregister(end)
            os.close(end)
        os.close(worker.go)

    def _stop_the_most_fertile(self) -> None:
        everybody = _descendants(os.getpid())
        limit = self.workers[0].heard.order.limits.processes
        if len(everybody) <= limit:
            return
        sessions = [_session_of(pid) for pid in everybody]
        guilty = max(
            self.workers,
            key=lambda w: max(sessions.count(w.pid), len(_descendants(w.pid))),
        )
        guilty.heard.ending = ("crashed", f"it started more than {limit} processes")

    def _kill(self, worker: _Worker) -> None:
        _kill_all_of([worker], spared=[w for w in self.workers if w is not worker])


# Processes, on Linux by /proc; elsewhere the worker's group alone is known


def _oom_kills() -> int:
    """Return how many processes the system has killed for want of memory since it began."""
    with contextlib.suppress(OSError, ValueError):
        found = Path("/proc/vmstat").read_text().partition("\noom_kill ")[2]
        return int(found.split(maxsplit=1)[0]) if found else 0
    return 0


def _other_program(pid: int) -> str:
    """Return the name of the program that a fork of this process has become; empty if of none."""
    with contextlib.suppress(OSError):
        now, was = (Path(f"/proc/{of}/comm").read_text().strip() for of in (pid, "self"))
        return now if now != was else ""
    return ""


def _adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _die_with_parent() -> None:
    """Be killed when the supervisor is (Linux)."""
    if sys.platform == "win32":
        raise NotImplementedError
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG


def _limit_memory(more: int) -> None:
    """Let the process have so many bytes more than it has now (Linux)."""
    if sys.platform == "win32":
        raise NotImplementedError
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

    What forks meanwhile is found in the next round. What may not be killed, a program of another
    user, is given up after a while.
    """
    if sys.platform == "win32":
        raise NotImplementedError
    for worker in workers:
        with contextlib.suppress(OSError):
            os.killpg(worker.pid, signal.SIGKILL)
    given_up = time.monotonic() + PATIENCE
    while (found := _all_but_those_of(spared)) and time.monotonic() < given_up:
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
        for pid in found:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.001)


def _all_but_those_of(spared: Sequence[_Worker]) -> list[int]:
    """Return every descendant of this process that no spared worker has started."""
    sessions = {worker.pid for worker in spared}
    family = {pid for worker in spared for pid in _descendants(worker.pid)} | sessions
    everybody = _descendants(os.getpid())
    return [pid for pid in everybody if pid not in family and _session_of(pid) not in sessions]


def _session_of(pid: int) -> int:
    if sys.platform == "win32":
        raise NotImplementedError
    try:
        return os.getsid(pid)
    except OSError:
        return 0
