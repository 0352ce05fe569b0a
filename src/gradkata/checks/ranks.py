"""Threads that torch.distributed takes for the processes of a group, each with a rank.

A real backend hides what goes wrong: a result that nobody has waited for may have come in time, a
rank that does not come is a process that hangs. Here results come when a rank waits, and as soon
as all ranks wait or have ended, it is said who waits for what, and who will never come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from gradkata.checks.diagnosis import Wrong
from gradkata.torch_internals import world_of_threads

R = TypeVar("R")

_SAME = "all ranks must make the same collectives, in the same order, with as many elements"
_COME = "every rank must come to every collective, also one that has nothing to give"


@dataclass(frozen=True, eq=False)
class Call:
    """A collective that a rank has begun."""

    kind: str
    elements: int
    dtype: torch.dtype | None = None
    op: str = ""
    root: int | None = None
    given: Sequence[Tensor] = field(default=(), repr=False)

    def __str__(self) -> str:
        size = f" of {self.elements} element{'s' * (self.elements != 1)}" * (self.dtype is not None)
        way = "from" if self.kind in ("broadcast", "scatter") else "to"
        return f"{self.kind}{size}" + ("" if self.root is None else f" {way} rank {self.root}")

    def matches(self, other: Call) -> bool:
        """Tell whether two ranks may meet in these calls."""
        return self._aspects() == other._aspects()

    def beside(self, other: Call) -> str:
        """Describe it so that it differs from another, which does not match."""
        if str(self) != str(other):
            return str(self)
        return f"{self}, {self.dtype}" + f", {self.op}" * bool(self.op)

    def _aspects(self) -> tuple[Any, ...]:
        return self.kind, self.elements, self.dtype, self.op, self.root


class Stopped(BaseException):
    """Ends a rank, past any `except Exception`, because the others have come to an end."""


class Meeting:
    """What all ranks know of one another: the calls that each has begun, and who waits."""

    def __init__(self, ranks: int) -> None:
        self.calls: list[list[Call]] = [[] for _ in range(ranks)]
        self.waited: list[list[int]] = [[] for _ in range(ranks)]
        self.failure: BaseException | None = None
        self._waits_for: list[int | None] = [None] * ranks
        self._ended: set[int] = set()
        self._stopped = False
        self._changed = threading.Condition()

    def begin(self, rank: int, call: Call) -> int:
        """Note a call of a rank, and return its place among those of this rank."""
        with self._changed:
            self._stop_if_over()
            self.calls[rank].append(call)
            self._changed.notify_all()
            return len(self.calls[rank]) - 1

    def wait(self, rank: int, index: int) -> list[Call]:
        """Return the calls of all ranks at an index, as soon as all have begun theirs."""
        with self._changed:
            self.waited[rank].append(index)
            self._waits_for[rank] = index
            while not self._all_at(index):
                self._look_for_an_end()
                self._stop_if_over(rank)
                self._changed.wait()
            self._waits_for[rank] = None
            self._stop_if_over(rank)
            at_index = [calls[index] for calls in self.calls]
            self._demand_one_call(at_index)
            self._stop_if_over(rank)
            return at_index

    def end(self, rank: int, error: BaseException | None = None) -> None:
        """Note that a rank has ended, by an error perhaps, which ends the others too."""
        with self._changed:
            self._ended.add(rank)
            if error is not None and not isinstance(error, Stopped):
                self._stopped = True
            self._look_for_an_end()
            self._changed.notify_all()

    def stop(self) -> None:
        """End every rank at its next call."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def has_come(self, index: int) -> bool:
        """Tell whether all ranks have begun their call at an index."""
        with self._changed:
            return self._all_at(index)

    def _all_at(self, index: int) -> bool:
        return all(len(calls) > index for calls in self.calls)

    def _stop_if_over(self, rank: int | None = None) -> None:
        """Raise in the first rank that waits what has gone wrong, and end all others."""
        if self._stopped:
            if self.failure is not None and rank is not None and self.failure.__traceback__ is None:
                raise self.failure
            raise Stopped

    def _fail(self, sentence: str) -> None:
        if not self._stopped:
            self._stopped, self.failure = True, Wrong(sentence)
            self._changed.notify_all()

    def _demand_one_call(self, at_index: Sequence[Call | None]) -> None:
        """Demand that the calls at one index match, of those ranks that have made theirs."""
        made = [(rank, call) for rank, call in enumerate(at_index) if call is not None]
        first, one = made[0]
        for rank, other in made[1:]:
            if not one.matches(other):
                self._fail(
                    f"rank {first} calls {one.beside(other)} where rank {rank} calls "
                    f"{other.beside(one)}: {_SAME}"
                )
                return

    def _look_for_an_end(self) -> None:
        """Fail if every rank has ended, or waits for one that has."""
        waiting = {rank: p for rank, p in enumerate(self._waits_for) if p is not None}
        waiting = {rank: p for rank, p in waiting.items() if rank not in self._ended}
        if len(waiting) + len(self._ended) < len(self.calls) or self._stopped:
            return
        if any(map(self._all_at, waiting.values())):
            return
        most = max(map(len, self.calls))
        for index in range(most):
            self._demand_one_call([c[index] if len(c) > index else None for c in self.calls])
        if waiting:
            ended = f"{_ranks(self._ended, 'has', 'have')} ended"
            self._fail(f"{self._who_waits(waiting)}; {ended}: {_COME}")
        elif any(len(calls) < most for calls in self.calls):
            more = next(rank for rank, calls in enumerate(self.calls) if len(calls) == most)
            less = next(rank for rank, calls in enumerate(self.calls) if len(calls) < most)
            index = len(self.calls[less])
            self._fail(
                f"rank {more} begins {self.calls[more][index]}, to which rank {less} never "
                f"comes: {_COME}"
            )

    def _who_waits(self, waiting: dict[int, int]) -> str:
        by_call: dict[str, set[int]] = {}
        for rank, index in waiting.items():
            by_call.setdefault(str(self.calls[rank][index]), set()).add(rank)
        return "; ".join(
            f"{_ranks(ranks, 'waits', 'wait')} for ever in {call}"
            for call, ranks in by_call.items()
        )


def _ranks(ranks: set[int], one: str, several: str) -> str:
    names = [str(rank) for rank in sorted(ranks)]
    if len(names) == 1:
        return f"rank {names[0]} {one}"
    return f"ranks {', '.join(names[:-1])} and {names[-1]} {several}"


_here = threading.local()


def begun() -> int:
    """Return how many collectives the rank that asks has begun."""
    return len(_here.meeting.calls[_here.rank])


def waited() -> int:
    """Return for how many collectives the rank that asks has waited."""
    return len(set(_here.meeting.waited[_here.rank]))


@dataclass(frozen=True)
class Ran(Generic[R]):
    """What came of it: for each rank, what its function returned, and the calls that it made."""

    results: list[R]
    calls: list[list[Call]]


def run_ranks(ranks: int, function: Callable[[int], R]) -> Ran[R]:
    """Run `function(rank)` for each rank, in threads whose default group has these ranks.

    In each thread, the calls of torch.distributed are those of a process of its own; random
    numbers of the global state are not, and are better drawn outside.

    Raises:
        Wrong: if a rank would wait for ever, or if ranks make different calls.
        BaseException: what a rank raised, with its traceback: of several the lowest rank's.
    """
    from gradkata.checks.collectives import Group

    meeting = Meeting(ranks)
    results: list[Any] = [None] * ranks
    errors: list[BaseException | None] = [None] * ranks

    def run(rank: int) -> None:
        _here.meeting, _here.rank = meeting, rank
        world.default_pg = Group(meeting, rank)
        try:
            # On a GPU, backward would run hooks in a thread of the engine, which has no rank.
            with torch.autograd.set_multithreading_enabled(False):
                results[rank] = function(rank)
        except BaseException as error:
            errors[rank] = error
        finally:
            world.default_pg = None
            meeting.end(rank, errors[rank])

    with world_of_threads() as world:
        threads = [threading.Thread(target=run, args=(rank,), daemon=True) for rank in range(ranks)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            meeting.stop()
    _raise_what_went_wrong(meeting, errors)
    return Ran(results, meeting.calls)


def _raise_what_went_wrong(meeting: Meeting, errors: Sequence[BaseException | None]) -> None:
    if meeting.failure is not None:
        raise meeting.failure
    for error in errors:
        if error is not None and not isinstance(error, Stopped):
            raise error
