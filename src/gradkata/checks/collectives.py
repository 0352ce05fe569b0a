"""The process group of a rank that is a thread: what torch.distributed calls of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from gradkata.checks.ranks import Call, Meeting

_ProcessGroup: Any = getattr(dist, "ProcessGroup", object)
_Work: Any = getattr(dist, "Work", object)

_REDUCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "SUM": lambda stacked: stacked.sum(0),
    "AVG": lambda stacked: stacked.mean(0),
    "PRODUCT": lambda stacked: stacked.prod(0),
    "MIN": lambda stacked: stacked.amin(0),
    "MAX": lambda stacked: stacked.amax(0),
}

# Makes the results of a rank of what each has given.
Combine = Callable[[list[Sequence[Tensor]]], Sequence[Tensor]]


class Work(_Work):  # type: ignore[misc] # what it is, torch decides
    """A collective that has begun. Its result is written when somebody waits for it."""

    def __init__(self, group: Group, call: Call, into: Sequence[Tensor], combine: Combine) -> None:
        super().__init__()
        self._meeting, self._rank, self._call = group.meeting, group.rank(), call
        self._into, self._combine = into, combine
        self._place = self._meeting.begin(self._rank, call)
        self._done = False

    def wait(self, timeout: Any = None) -> bool:  # noqa: ARG002 — torch's own, as below
        """Wait until all ranks have come, and write the result."""
        if not self._done:
            if self._rank != dist.get_rank():
                raise RuntimeError(
                    f"rank {dist.get_rank()} waits for what rank {self._rank} has begun: ranks are "
                    "threads of one process, so keep nothing in globals, nor on a class"
                )
            calls = self._meeting.wait(self._rank, self._place)
            with torch.no_grad():
                results = self._combine([call.given for call in calls])
                for tensor, result in zip(self._into, results, strict=True):
                    tensor.detach().copy_(result.reshape(tensor.shape))
            self._done = True
        return True

    def is_completed(self) -> bool:
        """Tell whether all ranks have come; then the result is there."""
        return self._meeting.has_come(self._place) and self.wait()

    def get_future(self) -> Any:
        """Refuse: there is none here."""
        raise RuntimeError("these ranks are threads, and their collectives have no future: wait()")


class _Rank(_ProcessGroup):  # type: ignore[misc] # likewise
    """A group of threads as one rank sees it: how a collective begins."""

    def __init__(self, meeting: Meeting, rank: int) -> None:
        super().__init__(rank, len(meeting.calls))
        self.meeting = meeting

    def send(self, *_: Any) -> Work:
        """Refuse: what only two ranks take part in is no meeting of all."""
        raise RuntimeError(
            "these ranks are threads, which have no send and no recv: use a collective, such as "
            "all_reduce, all_gather, reduce_scatter or broadcast"
        )

    recv = recv_anysource = send

    def _begin(
        self,
        kind: str,
        given: Sequence[Tensor],
        into: Sequence[Tensor],
        combine: Combine,
        *,
        op: str = "",
        root: int | None = None,
        sized_by: Sequence[Tensor] | None = None,
    ) -> Work:
        sized_by = given if sized_by is None else sized_by
        for tensor in (*given, *into):
            _demand_contiguous(kind, tensor)
        call = Call(
            kind,
            elements=sum(t.numel() for t in sized_by),
            dtype=sized_by[0].dtype if sized_by else None,
            op=op,
            root=root,
            # What is written to the tensor between now and wait() comes too late.
            given=[t.detach().clone() for t in given],
        )
        return Work(self, call, into, combine)


class Group(_Rank):
    """The default group of one rank. Its methods have torch's own names and arguments."""

    def allreduce(self, tensors: Sequence[Tensor], opts: Any) -> Work:
        """Give each rank the sum, or what else the operation is, of what all have given."""
        op = _name_of(opts.reduceOp)
        return self._begin(
            "all_reduce", tensors, tensors, lambda given: [_reduced(op, given)], op=op
        )

    def broadcast(self, tensors: Sequence[Tensor], opts: Any) -> Work:
        """Give each rank what one of them has."""
        src = opts.rootRank
        return self._begin("broadcast", tensors, tensors, lambda given: given[src], root=src)

    def reduce(self, tensors: Sequence[Tensor], opts: Any) -> Work:
        """Give one rank the sum, or what else the operation is, of what all have given."""
        op, dst = _name_of(opts.reduceOp), opts.rootRank
        into = tensors if self.rank() == dst else ()
        return self._begin(
            "reduce",
            tensors,
            into,
            lambda given: [_reduced(op, given)] * len(into),
            op=op,
            root=dst,
        )

    def allgather(
        self,
        into: Sequence[Sequence[Tensor]],
        given: Sequence[Tensor],
        opts: Any = None,  # noqa: ARG002
    ) -> Work:
        """Give each rank what each has given."""
        return self._begin("all_gather", given, into[0], _one_each)

    def all_gather_single(self, into: Tensor, given: Tensor, opts: Any = None) -> Work:  # noqa: ARG002
        """Give each rank what each has given, one after another in one tensor."""
        return self._begin(
            "all_gather",
            [given],
            [into],
            lambda all_given: [torch.stack([g[0].flatten() for g in all_given])],
        )

    _allgather_base = all_gather_single

    def reduce_scatter(
        self, into: Sequence[Tensor], given: Sequence[Sequence[Tensor]], opts: Any
    ) -> Work:
        """Give each rank the sum of what all have given for it."""
        op, rank = _name_of(opts.reduceOp), self.rank()
        return self._begin(
            "reduce_scatter",
            given[0],
            into,
            lambda all_given: [_reduced(op, [[g[rank]] for g in all_given])],
            op=op,
        )

    def reduce_scatter_single(self, into: Tensor, given: Tensor, opts: Any) -> Work:
        """Give each rank the sum of what all have given for it, in one tensor."""
        op, rank, ranks = _name_of(opts.reduceOp), self.rank(), self.size()
        return self._begin(
            "reduce_scatter",
            [given],
            [into],
            lambda all_given: [
                _reduced(op, [[g[0].flatten().chunk(ranks)[rank]] for g in all_given])
            ],
            op=op,
        )

    _reduce_scatter_base = reduce_scatter_single

    def gather(self, into: Sequence[Sequence[Tensor]], given: Sequence[Tensor], opts: Any) -> Work:
        """Give one rank what each has given."""
        dst, mine = opts.rootRank, into[0] if into else ()
        return self._begin(
            "gather", given, mine, lambda all_given: _one_each(all_given) if mine else (), root=dst
        )

    def scatter(self, into: Sequence[Tensor], given: Sequence[Sequence[Tensor]], opts: Any) -> Work:
        """Give each rank what one of them has for it."""
        src, rank = opts.rootRank, self.rank()
        return self._begin(
            "scatter",
            given[0] if given else (),
            into,
            lambda all_given: [all_given[src][rank]],
            root=src,
            sized_by=into,
        )

    def alltoall(
        self,
        into: Sequence[Tensor],
        given: Sequence[Tensor],
        opts: Any = None,  # noqa: ARG002
    ) -> Work:
        """Give each rank what each has for it."""
        rank = self.rank()
        return self._begin(
            "all_to_all", given, into, lambda all_given: [g[rank] for g in all_given]
        )

    def alltoall_base(
        self,
        into: Tensor,
        given: Tensor,
        into_sizes: Sequence[int] = (),
        given_sizes: Sequence[int] = (),
        opts: Any = None,  # noqa: ARG002
    ) -> Work:
        """Give each rank what each has for it, one after another in one tensor."""
        if into_sizes or given_sizes:
            raise RuntimeError(
                "these ranks are threads: their all_to_all_single cuts into equal parts"
            )
        rank, ranks = self.rank(), self.size()
        return self._begin(
            "all_to_all",
            [given],
            [into],
            lambda all_given: [torch.stack([g[0].flatten().chunk(ranks)[rank] for g in all_given])],
        )

    all_to_all_single = alltoall_base

    def barrier(self, opts: Any = None) -> Work:  # noqa: ARG002
        """Wait until all ranks have come."""
        return self._begin("barrier", (), (), lambda _: ())


def _demand_contiguous(kind: str, tensor: Tensor) -> None:
    if not tensor.is_contiguous():
        raise ValueError(
            f"Tensors must be contiguous: {kind} is given one of shape {tuple(tensor.shape)} "
            f"and strides {tensor.stride()}, which NCCL refuses"
        )


def _name_of(op: Any) -> str:
    for name in _REDUCTIONS:
        if op == getattr(dist.ReduceOp, name):
            return name
    raise ValueError(f"these ranks are threads, and reduce by {', '.join(_REDUCTIONS)} alone")


def _reduced(op: str, given: Sequence[Sequence[Tensor]]) -> Tensor:
    return _REDUCTIONS[op](torch.stack([g[0].flatten() for g in given]))


def _one_each(given: list[Sequence[Tensor]]) -> Sequence[Tensor]:
    return [g[0] for g in given]
