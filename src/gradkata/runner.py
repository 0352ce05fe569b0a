"""Judge one exercise in a fresh child of a warm process, and give back a plain record.

The standard library's forkserver imports `gradkata.warm` once. For every judgement it forks a
supervisor, which forks the worker that runs pytest on the learner's code. The supervisor reads
what the worker says, stops it at a limit, kills whatever it leaves behind, and reports. The
verdict rests on nothing but the worker's signed words: not on its exit code, nor on what it
prints. What must be there is known from the course.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import hashlib
import hmac
import io
import itertools
import json
import multiprocessing
import os
import re
import resource
import select
import selectors
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gradkata.course import Exercise
from gradkata.verdicts import DONE, TO_DO, WRONG, Verdict

NOT_JUDGED = "not judged"

_FORKSERVER = multiprocessing.get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["gradkata.warm"])


@dataclass(frozen=True)
class Limits:
    """How far a judgement may go.

    Args:
        seconds: for the whole exercise, from outside; a single test has half of it.
        memory: bytes that the worker may have beyond what the warm process has.
        output: characters of what it prints that are kept.
        processes: how many it may have at a time.
    """

    seconds: float = 20.0
    memory: int = 4 * 2**30
    output: int = 20_000
    processes: int = 64


@dataclass(frozen=True)
class TaskRecord:
    """The state of one task, and what a learner reads of it."""

    task: str
    state: str
    place: str = ""
    lines: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    """What one judgement found.

    `outcome` is `ok` (every test had its verdict), `error` (the file cannot be run), `timeout`,
    `crashed` or `out of memory`; `detail` is a sentence for all but `ok`.
    """

    exercise: str
    outcome: str
    detail: str
    tasks: list[TaskRecord]
    output: str
    seconds: float

    @property
    def done(self) -> bool:
        """Whether every task of the exercise is done."""
        return self.outcome == "ok" and all(task.state == DONE for task in self.tasks)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as `kata check --json` prints them."""
        return asdict(self)


def judge(
    exercise: Exercise, answers: Path, *, device: str = "cpu", limits: Limits | None = None
) -> Record:
    """Judge the answer to an exercise in a fresh process, and wait for its end."""
    limits = limits or Limits()
    started = time.monotonic()
    here, there = _FORKSERVER.Pipe(duplex=False)
    order = (there, str(exercise.root), exercise.name, str(answers), device, limits)
    supervisor = _FORKSERVER.Process(target=_supervise, args=order)
    supervisor.start()
    there.close()
    try:
        heard = json.loads(here.recv_bytes())
    except (EOFError, OSError):
        heard = {"ending": "crashed", "detail": "the process that watched over it was killed"}
    finally:
        supervisor.kill()
        supervisor.join()
        here.close()
    return _record(exercise, heard, limits, time.monotonic() - started)


# What the supervisor heard becomes a record


def _record(exercise: Exercise, heard: dict[str, Any], limits: Limits, seconds: float) -> Record:
    verdicts = [Verdict(**v) for v in heard.get("verdicts", ())]
    broken = next((v for v in verdicts if v.whole_file), None)
    hungry = next((v for v in verdicts if _is_out_of_memory(v)), None)
    outcome, detail = heard["ending"], heard["detail"]
    if outcome == "ok" and broken is not None:
        outcome, detail = "error", "\n".join([broken.place, *broken.lines])
    elif outcome == "ok" and hungry is not None:
        outcome = "out of memory"
        detail = f"{hungry.task} asks for more than {limits.memory / 2**30:g} GiB of memory"
    tasks = [_task_record(exercise, task, verdicts, heard) for task in exercise.tasks]
    if outcome == "ok" and any(task.state == NOT_JUDGED for task in tasks):
        outcome, detail = "crashed", "the run ended before every test had its verdict"
    return Record(exercise.name, outcome, detail, tasks, heard.get("output", ""), seconds)


def _is_out_of_memory(verdict: Verdict) -> bool:
    return any("MemoryError" in line or "can't allocate memory" in line for line in verdict.lines)


def _task_record(
    exercise: Exercise, task: str, verdicts: list[Verdict], heard: dict[str, Any]
) -> TaskRecord:
    mine = [v for v in verdicts if v.task == task]
    fault = next((v for state in (WRONG, TO_DO) for v in mine if v.state == state), None)
    if fault is not None:
        return TaskRecord(task, fault.state, fault.place, list(fault.lines), list(fault.printed))
    running = exercise.task_of_test.get(_marked(heard.get("running", "")))
    if running == task:
        return TaskRecord(task, WRONG, heard.get("place", ""), [heard["detail"]])
    return TaskRecord(task, DONE if _is_complete(exercise, task, mine) else NOT_JUDGED)


def _is_complete(exercise: Exercise, task: str, verdicts: list[Verdict]) -> bool:
    """Tell whether each test function of the task, and each of its cases, had a verdict."""
    functions = {name for name, of in exercise.task_of_test.items() if of == task}
    seen = {_marked(v.test) for v in verdicts}
    return functions <= seen and len(verdicts) >= max(v.of for v in verdicts)


def _marked(test: str) -> str:
    """Return the function or class of a test that bears the mark."""
    return test.partition("[")[0].partition("::")[0]


# The supervisor


def _supervise(
    report: Connection, root: str, name: str, answers: str, device: str, limits: Limits
) -> None:
    # Ctrl-C is for whoever asked; when they are gone, this ends too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _adopt_orphans()
    secret = os.urandom(32)
    pipes = {kind: os.pipe() for kind in ("words", "output", "stack")}
    worker = os.fork()
    if worker == 0:
        ends = {kind: writing for kind, (_, writing) in pipes.items()}
        _close_all_but(ends.values())
        _work(Path(root), name, answers, device, limits, secret, ends)
    reading = {kind: _keep_reading_end(ends) for kind, ends in pipes.items()}
    watch = _Watch(worker, reading, limits, report)
    watch.until_the_end()
    _kill_all_of(worker)
    if watch.stopped == _NOBODY_WAITS:
        return
    file = str(Exercise(Path(root), name).answer_in(Path(answers)))
    report.send_bytes(json.dumps(watch.heard(secret, file)).encode())


def _close_all_but(kept: Iterable[int]) -> None:
    """Leave the worker nothing to write to that the forkserver listens to."""
    bounds = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for low, high in itertools.pairwise(bounds):
        os.closerange(low + 1, high)


def _keep_reading_end(ends: tuple[int, int]) -> int:
    os.close(ends[1])
    os.set_blocking(ends[0], False)
    return ends[0]


_NOBODY_WAITS = "nobody waits for the verdict any more"


class _Watch:
    """Reads what a worker writes until it ends, or until a limit is reached."""

    def __init__(
        self, worker: int, reading: dict[str, int], limits: Limits, report: Connection
    ) -> None:
        self.worker = worker
        self.asker = select.poll()
        self.asker.register(report.fileno(), 0)
        self.reading = reading
        self.limits = limits
        self.said = {kind: bytearray() for kind in reading}
        self.cut = 0
        self.status: int | None = None
        self.stopped = ""

    def until_the_end(self) -> None:
        """Return when the worker has ended, by itself or by force."""
        deadline = time.monotonic() + self.limits.seconds
        with selectors.DefaultSelector() as selector:
            for kind, end in self.reading.items():
                selector.register(end, selectors.EVENT_READ, kind)
            while self.status is None:
                self._read(selector, 0.02)
                self._look_after(deadline)
            # What it wrote last is still in the pipes.
            while self._read(selector, 0.0):
                pass

    def _look_after(self, deadline: float) -> None:
        ended, status = os.waitpid(self.worker, os.WNOHANG)
        if ended:
            self.status = status
        elif self.asker.poll(0):
            self._stop(_NOBODY_WAITS)
        elif len(_descendants(os.getpid())) > self.limits.processes:
            self._stop(f"it started more than {self.limits.processes} processes")
        elif time.monotonic() > deadline:
            os.kill(self.worker, signal.SIGUSR2)
            time.sleep(0.1)
            self._stop("timeout")

    def _stop(self, why: str) -> None:
        self.stopped = why
        _kill_all_of(self.worker)
        self.status = -1

    def _read(self, selector: selectors.BaseSelector, patience: float) -> bool:
        ready = selector.select(patience)
        for key, _ in ready:
            data = os.read(key.fd, 1 << 20)
            if not data:
                selector.unregister(key.fd)
            elif key.data != "output":
                self.said[key.data] += data
            else:
                kept = max(0, self.limits.output - len(self.said["output"]))
                self.said["output"] += data[:kept]
                self.cut += max(0, len(data) - kept)
        return any(key.fd in selector.get_map() for key, _ in ready)

    def heard(self, secret: bytes, file: str) -> dict[str, Any]:
        """Return the signed words, and how it ended."""
        words = list(_signed(bytes(self.said["words"]), secret))
        started = [w["test"] for w in words if w["kind"] == "start"]
        verdicts = [w["verdict"] for w in words if w["kind"] == "verdict"]
        complete = bool(words) and words[-1]["kind"] == "end"
        ending, detail, place = self._ending(complete, file)
        judged = {v["test"] for v in verdicts}
        return {
            "ending": ending,
            "detail": detail,
            "place": place,
            "verdicts": verdicts,
            "running": next((t for t in reversed(started) if t not in judged), ""),
            "output": self._output(),
        }

    def _ending(self, complete: bool, file: str) -> tuple[str, str, str]:
        if self.stopped == "timeout":
            place = _place_in(bytes(self.said["stack"]).decode(errors="replace"), file)
            return "timeout", f"it does not end: stopped after {self.limits.seconds:g} s", place
        if self.stopped:
            return "crashed", self.stopped, ""
        if complete:
            return "ok", "", ""
        assert self.status is not None
        if os.WIFSIGNALED(self.status):
            name = signal.Signals(os.WTERMSIG(self.status)).name
            if name == "SIGKILL":
                return "out of memory", "the system killed it, most likely for want of memory", ""
            return "crashed", f"the process ended by {name} in the middle of a test", ""
        code = os.WEXITSTATUS(self.status)
        return "crashed", f"the process ended with code {code} in the middle of a test", ""

    def _output(self) -> str:
        text = bytes(self.said["output"]).decode(errors="replace")
        return text + (f"\n… {self.cut:,} more characters are left out\n" if self.cut else "")


def _signed(said: bytes, secret: bytes) -> Iterator[dict[str, Any]]:
    """Yield the words that bear the worker's signature, in order; all else is noise."""
    expected = 0
    for line in said.split(b"\n"):
        mac, _, body = line.partition(b" ")
        if hmac.compare_digest(mac, _sign(body, secret)):
            word = json.loads(body)
            if word["number"] == expected:
                expected += 1
                yield word


def _sign(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def _place_in(stack: str, file: str) -> str:
    for found in re.finditer(r'File "(.+)", line (\d+) in ', stack):
        if found[1] == file:
            return f"{file}:{found[2]}"
    return file


# Processes, on Linux by /proc; elsewhere the worker's group alone is known


def _adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def _die_with_parent() -> None:
    """Be killed when the supervisor is (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG


def _descendants(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, children.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _kill_all_of(worker: int) -> None:
    """Kill the worker's group and every descendant, until nothing is left.

    What forks meanwhile is found in the next round.
    """
    with contextlib.suppress(OSError):
        os.killpg(worker, signal.SIGKILL)
    while children := _descendants(os.getpid()):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for child in children:
                with contextlib.suppress(OSError):
                    os.kill(child, number)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


# The worker


def _work(
    root: Path,
    name: str,
    answers: str,
    device: str,
    limits: Limits,
    secret: bytes,
    ends: dict[str, int],
) -> None:
    import pytest

    os.setsid()
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _limit_memory(limits.memory)
    faulthandler.register(signal.SIGUSR2, file=ends["stack"], all_threads=True)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(ends["output"], number)
    # A child that lives for one run has nothing to collect, and all of torch to look through.
    gc.disable()
    os.chdir(root)
    arguments = [f"exercises/{name}", "--answers", answers, "--device", device]
    arguments += ["--timeout", str(limits.seconds / 2), "-o", "faulthandler_timeout=0", *_LEAN]
    pytest.main(arguments, plugins=[_Reporter(ends["words"], secret)])
    sys.stdout.flush()
    os._exit(0)


# Without pytest's own words, which nobody reads here, and the plugins that a judgement has no use
# for. Without its capturing, so that what a learner prints goes into the pipe, and not to disk.
_IDLE = ("cacheprovider", "logging", "junitxml", "terminal", "xdist", "unraisableexception")
_LEAN = ["-o", "addopts=", "--import-mode=importlib", "-s"]
_LEAN += [argument for plugin in _IDLE for argument in ("-p", f"no:{plugin}")]


class _Silence:
    """Stands in for pytest's terminal reporter, which pytest-timeout writes to."""

    def __init__(self, writer: Any) -> None:
        self._tw = writer

    def line(self, *_: object, **__: object) -> None:
        """Say nothing."""


class _Reporter:
    """Says each verdict to the supervisor, signed and numbered, as it comes."""

    def __init__(self, end: int, secret: bytes) -> None:
        self.end = end
        self.secret = secret
        self.number = 0

    def pytest_configure(self, config: Any) -> None:
        """Give those who write to the terminal something to write to."""
        from _pytest._io import TerminalWriter

        config.pluginmanager.register(_Silence(TerminalWriter(io.StringIO())), "terminalreporter")

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say which test begins."""
        self._say(kind="start", test=nodeid.partition("::")[2])

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Say the verdict of a test."""
        if hasattr(report, "verdict"):
            self._say(kind="verdict", verdict=report.verdict)

    def pytest_sessionfinish(self) -> None:
        """Say that all have been said."""
        self._say(kind="end")

    def _say(self, **word: Any) -> None:
        body = json.dumps(word | {"number": self.number}).encode()
        self.number += 1
        os.write(self.end, b"\n" + _sign(body, self.secret) + b" " + body + b"\n")


def _limit_memory(more: int) -> None:
    """Let the process have so many bytes more than it has now (Linux)."""
    with contextlib.suppress(OSError, ValueError):
        status = Path("/proc/self/status").read_text()
        data = int(status.partition("VmData:")[2].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (data + more, data + more))
