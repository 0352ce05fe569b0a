"""The thread that judges on request, so that keys are read and the screen is drawn meanwhile."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from gradkata.course import Exercise, progress
from gradkata.judging.runner import CAN_FORK, Judgement, get_the_rest_ready, workers_for
from gradkata.results import Outcome, Record
from gradkata.watch.effects import Judge
from gradkata.watch.events import FirstJudged, Judged


class Judging(threading.Thread):
    """Judges on request, one exercise at a time, and is ready before the next request.

    A newer request drops the one that is under way. The first is judged with what its exercise
    needs; what the others need is got ready while the learner reads.

    Args:
        tell: is called with what was found, unless a newer request has come.
    """

    def __init__(self, root: Path, tell: Callable[[Judged | FirstJudged], None]) -> None:
        super().__init__(daemon=True)
        self.answers = root / "exercises"
        self.tell = tell
        # None says that the rest is ready.
        self.requests: queue.SimpleQueue[Judge | None] = queue.SimpleQueue()
        self.newest = 0
        self.shown = threading.Event()
        self.under_way: Judgement | None = None
        self.at_hand: Exercise | None = None
        self.seconds: dict[str, dict[str, float]] = {}
        self.rest: threading.Thread | None = None
        self.is_warm = not CAN_FORK

    def ask(self, wanted: Judge) -> None:
        """Judge this in place of any that is under way; its number is above all before it."""
        self.newest = wanted.number
        self.requests.put(wanted)
        if self.under_way is not None:
            self.under_way.drop()

    def run(self) -> None:
        """Serve requests for as long as the program runs."""
        ready: Judgement | None = None
        while True:
            request = self.requests.get()
            if request is None:
                self.is_warm = True
                ready = self._renewed(ready)
                continue
            if request.number < self.newest:
                continue
            try:
                ready = self._serve(request, ready)
            except Exception as error:
                why = f"it cannot be judged: {type(error).__name__}: {error}"
                record = Record(request.exercise.name, Outcome.ERROR, why, [], "", 0.0)
                self.tell(Judged(request.number, record, _time_of_day(), time.monotonic()))
                ready = None

    def _serve(self, request: Judge, ready: Judgement | None) -> Judgement | None:
        """Judge, and return what is ready for the next request."""
        exercise = self.at_hand = request.exercise
        if ready is None or not _fits(ready, exercise):
            _discard(ready)
            ready = self._ready(exercise)
        self.under_way = ready
        if request.number == self.newest:
            ready.go(request.first)
            if tasks := ready.early_tasks():
                self.tell(FirstJudged(request.number, tasks))
        else:
            ready.drop()
        record = ready.first_record()
        self.under_way = None
        if request.number == self.newest:
            self.shown.clear()
            self.tell(Judged(request.number, record, _time_of_day(), time.monotonic()))
            # Getting ready again takes every core, and can wait for what the learner waits for.
            self.shown.wait(timeout=0.5)
            if self.is_warm:  # else imports are among them
                self.seconds[exercise.name] = {task.task: task.seconds for task in record.tasks}
        ready.close()
        following = self._ready(exercise) if self.requests.empty() else None
        if self.rest is None and not self.is_warm:
            self.rest = threading.Thread(target=self._get_the_rest_ready, daemon=True)
            self.rest.start()
        return following

    def _get_the_rest_ready(self) -> None:
        # The program ends, or each worker goes on to import for itself what it needs.
        with contextlib.suppress(RuntimeError):
            get_the_rest_ready()
            self.requests.put(None)

    def _renewed(self, ready: Judgement | None) -> Judgement | None:
        """Return a judgement that finds the rest ready, in place of one that does not."""
        if self.at_hand is None or not self.requests.empty():
            return ready
        try:
            following = self._ready(self.at_hand)
        except RuntimeError:  # the program ends
            return ready
        _discard(ready)
        return following

    def _ready(self, exercise: Exercise) -> Judgement:
        took = self.seconds.get(exercise.name, {})
        return Judgement(exercise, self.answers, workers=workers_for(1), seconds=took)


def _time_of_day() -> str:
    return time.strftime("%H:%M:%S")


def _fits(ready: Judgement, exercise: Exercise) -> bool:
    return ready.exercise == exercise and ready.tests == progress.digest_of_tests(exercise)


def _discard(judgement: Judgement | None) -> None:
    if judgement is not None:
        judgement.drop()
        judgement.record()
