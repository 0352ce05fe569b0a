"""Judge one exercise in fresh children of a warm process, and give back a plain record.

The standard library's forkserver imports torch and pytest once, and `warm` when it is asked to.
For every judgement it forks a supervisor, which forks workers that run pytest on the learner's
code, each with a share of the tasks. The verdict rests on nothing but the workers' signed
messages. What must be there is known from the course.

So no accident makes a task done. Intent can: an answer runs in the process that signs.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from gradkata.course import Exercise, progress
from gradkata.judging import forked, forking, spawned
from gradkata.judging.protocol import CHANGED, Limits, Order
from gradkata.judging.records import record_of
from gradkata.judging.transcript import answer_in, without_workers
from gradkata.results import Outcome, Record, TaskRecord

CAN_FORK = not forking.why_not()


def judge(
    exercise: Exercise,
    answers: Path,
    *,
    device: str = "cpu",
    limits: Limits | None = None,
    workers: int = 1,
    seed: int = 0,
    warm: bool = CAN_FORK,
) -> Record:
    """Judge the answer to an exercise in fresh processes, and wait for the end."""
    judgement = Judgement(
        exercise, answers, device=device, limits=limits, workers=workers, seed=seed, warm=warm
    )
    judgement.go()
    return judgement.record()


class Judgement:
    """One judgement, ready to begin: pytest has collected the tests and waits.

    What a learner saves until `go` is what is judged.

    Args:
        exercise: what is judged.
        answers: the folder of answers, which mirrors `exercises/`.
        device: `cpu` or `cuda`.
        limits: how far it may go.
        workers: how many processes share the tasks.
        seconds: what each task took the last time, for shares of equal length.
        seed: of the tests' random numbers.
        warm: whether the processes are forks of a warm one, or fresh and slow.
    """

    def __init__(
        self,
        exercise: Exercise,
        answers: Path,
        *,
        device: str = "cpu",
        limits: Limits | None = None,
        workers: int = 1,
        seconds: Mapping[str, float] | None = None,
        seed: int = 0,
        warm: bool = CAN_FORK,
    ) -> None:
        self.exercise = exercise
        self.tests = progress.digest_of_tests(exercise)
        self.limits = limits or Limits()
        self.started = time.monotonic()
        shares = share(exercise, workers, seconds or {})
        root, name = str(exercise.root), exercise.name
        orders = [
            Order(root, name, str(answers), device, tasks, self.limits, self.tests, seed=seed)
            for tasks in shares
        ]
        self._order, self._warm = orders[0], warm
        self._first: list[str] = []
        self._last_report: dict[str, Any] | None = None
        self._is_dropped = False
        self._watcher = _Watcher(orders, warm=warm)
        _UNDER_WAY.add(self)

    def go(self, first: Sequence[str] = ()) -> None:
        """Begin, with some tasks before the others."""
        self.started = time.monotonic()
        self._first = list(first)
        self._watcher.tell(self._first)

    def drop(self) -> None:
        """End it at once, whether it has begun or not; its record is of no use then."""
        self._is_dropped = True
        self._watcher.tell(None)

    def early_tasks(self) -> list[TaskRecord]:
        """Wait for the tasks that came first; none if the whole record is there with them."""
        report = self._next_report()
        if not report["early"]:
            self._last_report = report
            return []
        # Other tasks may still have tests to run.
        return [task for task in self._record(report).tasks if task.task in self._first]

    def record(self) -> Record:
        """Wait for the end, and return what was found; no process of it is left then."""
        try:
            return self.first_record()
        finally:
            self.close()

    def first_record(self) -> Record:
        """Return what was found as soon as it is known; `close` is still due."""
        report = self._last_report or self._next_report()
        while report["early"]:
            report = self._next_report()
        return self._record(report)

    def _next_report(self) -> dict[str, Any]:
        return self._watcher.report() or {"early": False, "parts": list(self._one_by_one())}

    def _one_by_one(self) -> Iterator[dict[str, Any]]:
        """Judge each task under a watcher of its own: one has killed the watcher of all."""
        for task in self.exercise.tasks:
            self._watcher.close()
            if self._is_dropped:
                return
            self._watcher = _Watcher([replace(self._order, tasks=(task,))], warm=self._warm)
            self._watcher.tell(None if self._is_dropped else [])
            report = self._watcher.report()
            place = answer_in(self._order)
            killed = _WATCHER_KILLED | {"tasks": [task], "place": place}
            yield from report["parts"] if report else [killed]

    def _record(self, report: dict[str, Any]) -> Record:
        seconds = time.monotonic() - self.started
        record = record_of(self.exercise, report["parts"], self.limits, seconds)
        if progress.digest_of_tests(self.exercise) == self.tests:
            return record
        changed = CHANGED.format(f"{self.exercise.name}/tests")
        return replace(record, outcome=Outcome.ERROR, detail=changed)

    def close(self) -> None:
        """Wait until no process of it is left."""
        self._watcher.close()
        _UNDER_WAY.discard(self)


class _Watcher:
    """Who watches over the workers, and the pipe to it: a process, or a thread if none is warm."""

    def __init__(self, orders: Sequence[Order], *, warm: bool) -> None:
        self._control, there = multiprocessing.Pipe()
        with _STARTING:
            if _ENDED.is_set():
                raise RuntimeError("the program ends")
            arguments = (there, orders)
            self._runs: BaseProcess | threading.Thread
            if warm:
                self._runs = _started_process(forked.supervise, *arguments)
            else:
                self._runs = _started_thread(spawned.supervise, *arguments)
        if warm:
            there.close()

    def tell(self, word: list[str] | None) -> None:
        """Tell the tasks that come first, to begin, or None, to drop it all."""
        with contextlib.suppress(OSError):
            self._control.send_bytes(json.dumps(word).encode())

    def report(self) -> dict[str, Any] | None:
        """Wait for the next report; None if the watcher has ended without one."""
        try:
            report: dict[str, Any] = json.loads(self._control.recv_bytes())
        except (EOFError, OSError):
            return None
        return report

    def join(self, timeout: float | None = None) -> None:
        """Wait until none of its processes is left."""
        self._runs.join(timeout)

    def close(self) -> None:
        """Wait until none of its processes is left, and hear no more of it."""
        self.join()
        self._control.close()


def _started_thread(target: Callable[..., None], *arguments: Any) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def _started_process(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Fork a process from the warm process; if that one dies meanwhile, from a new one."""
    if sys.platform == "win32":
        raise NotImplementedError
    for pause in _PAUSES:
        if _ENDED.is_set():
            raise RuntimeError("the program ends")
        # A daemon, so that Python does not wait for it at its own end.
        process = forking.forkserver().Process(target=target, args=arguments, daemon=True)
        # The warm process starts with the first, and Python's own keeper of semaphores beside it.
        lost = contextlib.suppress(OSError, EOFError)
        with forking.safe_path(), forking.uninterrupted(), lost:
            process.start()
            return process
        # One that was killed takes a moment to end, and none is made anew before.
        time.sleep(pause)
    raise RuntimeError("the warm process, from which others are forked, ends again and again")


def get_the_rest_ready() -> None:
    """Let the warm process import what any exercise may need, and wait until it has.

    A judgement that was made before is forked already, and is not held up; one that is made
    meanwhile waits for a part at most.
    """
    if not CAN_FORK:
        return
    for task in [*[forked.ask_for_more] * len(forking.REST), forked.find_it_ready]:
        with _STARTING:
            _started_process(task).join()
        # Between two parts, a fork that waits gets its turn.
        time.sleep(_A_BREATH)


_PAUSES = (0.1, 0.5, 2.0)  # seconds
_A_MOMENT = 0.1  # seconds, in which a warm process that is ready has started others
_A_BREATH = 0.01  # seconds
_UNDER_WAY: set[Judgement] = set()
_STARTING = threading.Lock()
_ENDED = threading.Event()


def drop_all() -> None:
    """End every judgement that this process has under way, and let none begin any more."""
    _ENDED.set()
    while not _STARTING.acquire(timeout=_A_MOMENT):
        # Its holder waits for a warm process that still imports torch.
        forking.end_warm_process()
    _STARTING.release()
    for judgement in list(_UNDER_WAY):
        judgement.drop()
    for judgement in list(_UNDER_WAY):
        judgement._watcher.join(timeout=5)


# A supervisor outlives what multiprocessing asks to end at the end of a program, and waits for.
atexit.register(drop_all)

_WATCHER_KILLED = without_workers("crashed", "the process that watched over it was killed")


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(exercises: int) -> int:
    """Return how many workers each exercise has, of so many that are judged side by side."""
    # A fresh process has torch to import before anything else.
    return max(1, cores() // exercises) if CAN_FORK else 1


def share(exercise: Exercise, workers: int, seconds: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Divide the tasks among workers, whole tasks only, into shares of about equal length."""
    functions = {task: len(names) for task, names in exercise.functions.items()}
    known = sum(seconds.values()) / max(1, sum(functions.get(task, 0) for task in seconds))
    cost = {task: seconds.get(task, functions[task] * (known or 1)) for task in exercise.tasks}
    shares: list[list[str]] = [[] for _ in range(max(1, min(workers, len(cost))))]
    for task in sorted(cost, key=lambda task: -cost[task]):
        min(shares, key=lambda s: sum(cost[t] for t in s)).append(task)
    return [tuple(s) for s in shares]
