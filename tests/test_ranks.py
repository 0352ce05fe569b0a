"""Threads stand for the ranks of torch.distributed, and none waits for ever."""

import threading
import time
import traceback
import warnings

import pytest
import torch
import torch.distributed as dist

from gradkata.checks import begun, run_ranks, waited
from gradkata.checks.diagnosis import Wrong

COME = "every rank must come to every collective, also one that has nothing to give"
SAME = "all ranks must make the same collectives, in the same order, with as many elements"


def of(rank, elements=2, dtype=torch.float32):
    """Return what a rank gives: its number plus one, then ten times that, and so on."""
    return torch.tensor([(rank + 1) * 10**i for i in range(elements)], dtype=dtype)


def empties():
    return [torch.empty(2) for _ in range(dist.get_world_size())]


def all_reduce(rank, **options):
    mine = of(rank)
    dist.all_reduce(mine, **options)
    return mine


def broadcast(rank):
    mine = of(rank)
    dist.broadcast(mine, 1)
    return mine


def reduce_to_1(rank):
    mine = of(rank)
    dist.reduce(mine, 1)
    return mine


def all_gather(rank):
    dist.all_gather(parts := empties(), of(rank))
    return torch.cat(parts)


def all_gather_in_one(rank):
    whole = torch.cat(empties())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # newer versions have another name
        dist.all_gather_into_tensor(whole, of(rank))
    return whole


def reduce_scatter(rank):
    mine = torch.empty(2)
    dist.reduce_scatter(mine, [of(rank) + i for i in range(3)])
    return mine


def reduce_scatter_in_one(rank):
    mine = torch.empty(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        dist.reduce_scatter_tensor(mine, torch.cat([of(rank) + i for i in range(3)]))
    return mine


def gather_to_1(rank):
    parts = empties()
    dist.gather(of(rank), parts if rank == 1 else None, dst=1)
    return torch.cat(parts) if rank == 1 else None


def scatter_from_1(rank):
    mine = torch.empty(2)
    dist.scatter(mine, [of(rank) + i for i in range(3)] if rank == 1 else None, src=1)
    return mine


def all_to_all(rank):
    dist.all_to_all(parts := empties(), [of(rank) + i for i in range(3)])
    return torch.cat(parts)


def gather_objects(rank):
    dist.all_gather_object(found := [None] * 3, {"rank": rank})
    return torch.tensor([thing["rank"] for thing in found])


ALL = [1, 10, 2, 20, 3, 30]


@pytest.mark.parametrize(
    ("collective", "due"),
    [
        (all_reduce, [[6, 60]] * 3),
        (broadcast, [[2, 20]] * 3),
        (reduce_to_1, [[1, 10], [6, 60], [3, 30]]),
        (all_gather, [ALL] * 3),
        (all_gather_in_one, [ALL] * 3),
        (reduce_scatter, [[6, 60], [9, 63], [12, 66]]),
        (reduce_scatter_in_one, [[6, 60], [9, 63], [12, 66]]),
        (gather_to_1, [None, ALL, None]),
        (scatter_from_1, [[2, 20], [3, 21], [4, 22]]),
        (all_to_all, [[1 + i, 10 + i, 2 + i, 20 + i, 3 + i, 30 + i] for i in range(3)]),
        (gather_objects, [[0, 1, 2]] * 3),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_collective_gives_each_rank_what_is_due(collective, due):
    ran = run_ranks(3, collective)

    assert [None if r is None else r.tolist() for r in ran.results] == due


@pytest.mark.parametrize(
    ("op", "due"),
    [
        ("SUM", [6, 60]),
        ("AVG", [2, 20]),
        ("PRODUCT", [6, 6000]),
        ("MIN", [1, 10]),
        ("MAX", [3, 30]),
    ],
)
def test_values_are_reduced_by_the_operation_that_is_asked_for(op, due):
    ran = run_ranks(3, lambda rank: all_reduce(rank, op=getattr(dist.ReduceOp, op)))

    assert [r.tolist() for r in ran.results] == [due] * 3


def test_an_operation_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="reduce by SUM, AVG, PRODUCT, MIN, MAX alone"):
        run_ranks(2, lambda rank: dist.all_reduce(torch.ones(1).int(), op=dist.ReduceOp.BAND))


def test_each_thread_has_a_default_group_of_its_own_and_none_is_left():
    ran = run_ranks(3, lambda rank: (dist.get_rank(), dist.get_world_size(), dist.is_initialized()))

    assert ran.results == [(0, 3, True), (1, 3, True), (2, 3, True)]
    assert not dist.is_initialized()
    assert run_ranks(1, lambda rank: dist.get_world_size()).results == [1]


def test_a_result_comes_when_a_rank_waits_and_is_of_what_was_there_when_it_began():
    def run(rank):
        mine = of(rank)
        work = dist.all_reduce(mine, async_op=True)
        mine += 100
        counts = [(begun(), waited())]
        dist.barrier()  # now everybody has begun
        before = mine.tolist()
        work.wait()
        mine += 1
        work.wait()
        return before, mine.tolist(), [*counts, (begun(), waited())]

    ran = run_ranks(2, run)

    assert ran.results == [
        ([101, 110], [4, 31], [(1, 0), (2, 2)]),
        ([102, 120], [4, 31], [(1, 0), (2, 2)]),
    ]


def test_a_call_that_is_completed_has_its_result():
    asked = threading.Event()

    def run(rank):
        if rank == 1:
            asked.wait()
        work = dist.all_reduce(mine := of(rank), async_op=True)
        alone = rank == 0 and work.is_completed()
        asked.set()
        dist.barrier()
        return alone, work.is_completed(), mine.tolist()

    assert run_ranks(2, run).results == [(False, True, [3, 30])] * 2


def test_who_asks_for_a_future_is_told_to_wait():
    with pytest.raises(RuntimeError, match=r"their collectives have no future: wait\(\)"):
        run_ranks(1, lambda rank: dist.all_reduce(of(rank), async_op=True).get_future())


def test_calls_are_recorded():
    def run(rank):
        all_reduce(rank, op=dist.ReduceOp.MAX)
        dist.broadcast(torch.zeros(1, dtype=torch.int64), 1)
        reduce_to_1(rank)
        dist.barrier()

    for calls in run_ranks(2, run).calls:
        assert list(map(str, calls)) == [
            "all_reduce of 2 elements",
            "broadcast of 1 element from rank 1",
            "reduce of 2 elements to rank 1",
            "barrier",
        ]
        assert [c.kind for c in calls] == ["all_reduce", "broadcast", "reduce", "barrier"]
        assert [c.elements for c in calls] == [2, 1, 2, 0]
        assert [c.dtype for c in calls] == [torch.float32, torch.int64, torch.float32, None]


def rank_0_ends(rank):
    if rank:
        all_reduce(rank)


def rank_0_has_one_less(rank):
    for _ in range(rank + 1):
        all_reduce(rank)


def in_two_calls(rank):
    if rank:
        all_reduce(rank)
        works = [dist.all_reduce(of(rank), async_op=True) for _ in range(2)]
        works[rank - 1].wait()
    else:
        dist.all_reduce(of(rank), async_op=True)


def nobody_waits(rank):
    if rank:
        dist.broadcast(of(rank), 0, async_op=True)


def other_kinds(rank):
    return broadcast(rank) if rank == 2 else all_reduce(rank)


def other_sizes(rank):
    dist.all_reduce(of(rank, elements=1 + rank))


def other_dtypes(rank):
    dist.all_reduce(of(rank, dtype=torch.float64 if rank else torch.float32))


def other_operations(rank):
    all_reduce(rank, op=dist.ReduceOp.MAX if rank else dist.ReduceOp.SUM)


def other_sources(rank):
    dist.broadcast(of(rank), rank)


def other_order(rank):
    for collective in (all_reduce, broadcast) if rank else (broadcast, all_reduce):
        collective(rank)


def others_and_never_waited_for(rank):
    dist.all_reduce(of(rank, elements=1 + rank), async_op=True)


ENDLESS = [
    (
        2,
        rank_0_ends,
        f"rank 1 waits for ever in all_reduce of 2 elements; rank 0 has ended: {COME}",
    ),
    (
        4,
        lambda rank: rank_0_ends(rank % 2),
        "ranks 1 and 3 wait for ever in all_reduce of 2 elements; ranks 0 and 2 have ended: "
        + COME,
    ),
    (
        2,
        rank_0_has_one_less,
        f"rank 1 waits for ever in all_reduce of 2 elements; rank 0 has ended: {COME}",
    ),
    (
        3,
        lambda rank: rank_0_ends(rank) if rank < 2 else nobody_waits(0),
        f"rank 1 waits for ever in all_reduce of 2 elements; ranks 0 and 2 have ended: {COME}",
    ),
    (
        3,
        in_two_calls,
        "ranks 1 and 2 wait for ever in all_reduce of 2 elements; rank 0 has ended: " + COME,
    ),
    (
        2,
        nobody_waits,
        f"rank 1 begins broadcast of 2 elements from rank 0, to which rank 0 never comes: {COME}",
    ),
    (
        3,
        other_kinds,
        "rank 0 calls all_reduce of 2 elements where rank 2 calls broadcast of 2 elements from "
        f"rank 1: {SAME}",
    ),
    (
        2,
        other_sizes,
        f"rank 0 calls all_reduce of 1 element where rank 1 calls all_reduce of 2 elements: {SAME}",
    ),
    (
        2,
        other_dtypes,
        "rank 0 calls all_reduce of 2 elements, torch.float32, SUM where rank 1 calls all_reduce "
        f"of 2 elements, torch.float64, SUM: {SAME}",
    ),
    (
        2,
        other_operations,
        "rank 0 calls all_reduce of 2 elements, torch.float32, SUM where rank 1 calls all_reduce "
        f"of 2 elements, torch.float32, MAX: {SAME}",
    ),
    (
        3,
        other_sources,
        "rank 0 calls broadcast of 2 elements from rank 0 where rank 1 calls broadcast of 2 "
        f"elements from rank 1: {SAME}",
    ),
    (
        2,
        other_order,
        "rank 0 calls broadcast of 2 elements from rank 1 where rank 1 calls all_reduce of 2 "
        f"elements: {SAME}",
    ),
    (
        2,
        others_and_never_waited_for,
        f"rank 0 calls all_reduce of 1 element where rank 1 calls all_reduce of 2 elements: {SAME}",
    ),
]


@pytest.mark.parametrize(
    ("ranks", "run", "sentence"), ENDLESS, ids=[run.__name__ for _, run, _ in ENDLESS]
)
def test_what_would_wait_for_ever_is_a_sentence_at_once(ranks, run, sentence):
    tries = []
    for _ in range(5):
        begin = time.perf_counter()
        with pytest.raises(Wrong) as caught:
            run_ranks(ranks, run)
        tries.append(time.perf_counter() - begin)

        assert str(caught.value) == sentence
    # The quickest, for the machine may be busy.
    assert min(tries) < 0.1


def test_the_sentence_comes_with_the_line_that_waits():
    with pytest.raises(Wrong) as caught:
        run_ranks(2, rank_0_ends)

    assert "rank_0_ends" in [f.name for f in traceback.extract_tb(caught.value.__traceback__)]


def test_an_answer_that_swallows_the_sentence_hides_nothing():
    def run(rank):
        while rank:
            try:
                all_reduce(rank)
            except Exception:
                continue

    with pytest.raises(Wrong, match="rank 1 waits for ever"):
        run_ranks(2, run)


@pytest.mark.parametrize(
    "make",
    [lambda: torch.ones(2, 3).T, lambda: torch.ones(4)[::2], lambda: torch.ones(1).expand(3)],
)
def test_a_tensor_that_is_not_contiguous_is_refused_in_the_words_of_nccl(make):
    with pytest.raises(ValueError, match="Tensors must be contiguous: all_reduce is given one of"):
        run_ranks(2, lambda rank: dist.all_reduce(make()))


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt, SystemExit, NotImplementedError])
def test_an_error_of_a_rank_comes_through_with_its_traceback_and_ends_the_others(error):
    ended = []

    def fails(rank):
        if rank == 1:
            raise error("of rank 1")
        try:
            all_reduce(rank)
        finally:
            ended.append(rank)

    with pytest.raises(error, match="of rank 1") as caught:
        run_ranks(3, fails)

    assert sorted(ended) == [0, 2]
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "fails"


def test_of_several_errors_the_one_of_the_lowest_rank_comes_through():
    def fails(rank):
        raise ValueError(f"of rank {rank}")

    with pytest.raises(ValueError, match="of rank 0"):
        run_ranks(3, fails)


def test_what_interrupts_the_waiting_ends_the_ranks(monkeypatch):
    threads = []

    class Interrupted(threading.Thread):
        def join(self, timeout=None):
            threads.append(self)
            raise KeyboardInterrupt

    go_on = threading.Event()

    def run(rank):
        if rank == 0:
            go_on.wait()
        dist.barrier()

    monkeypatch.setattr(threading, "Thread", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_ranks(2, run)
    go_on.set()

    assert not dist.is_initialized()
    super(Interrupted, threads[0]).join(10)
    assert not threads[0].is_alive()


def test_a_backward_runs_its_hooks_in_the_thread_of_its_rank():
    def run(rank):
        x = of(rank).requires_grad_()
        seen = []
        x.register_hook(lambda g: seen.append((dist.get_rank(), begun())))
        x.sum().backward()
        return seen

    assert run_ranks(2, run).results == [[(0, 0)], [(1, 0)]]


def test_a_leaf_that_requires_grad_can_be_written_to():
    def run(rank):
        p = of(rank).requires_grad_()
        dist.broadcast(p, 1)
        return p.is_leaf, p.requires_grad, p.tolist()

    assert run_ranks(2, run).results == [(True, True, [2, 20])] * 2


def test_a_torch_without_torch_distributed_is_named(monkeypatch):
    monkeypatch.delattr(dist, "distributed_c10d")

    with pytest.raises(RuntimeError, match=r"has no torch\.distributed to play ranks with"):
        run_ranks(1, lambda rank: None)
