import data_parallel
import pytest
import torch

from gradkata.checks import Wrong, check, copies, run_ranks, sample, turned

from .shared import OneByOne, as_found, called, demand_same_objects

pytestmark = pytest.mark.task("average_in_buckets_")

WIDE, NARROW = torch.float64, torch.float32
# Of 48 and 56 bytes; of 48, 20 and 32, which is 100 together; of 88 and 16.
SHAPES = [(2, 3), (7,), (3, 4), (5,), (8,), (11,), (1, 2)]
MIXED = [WIDE, WIDE, NARROW, NARROW, NARROW, WIDE, WIDE]
# Two dtypes of one size.
HALVES = [torch.float16] * 2 + [torch.bfloat16] * 3 + [torch.float16] * 2
TURNED = (0, 2)


def gradients(device, rank, dtypes):
    """Return the gradients of a rank, two of which are transposed on every other rank."""
    made = []
    for i, (shape, dtype) in enumerate(zip(SHAPES, dtypes, strict=True)):
        turn = i in TURNED and rank % 2 == 0
        grad = sample(shape[::-1] if turn else shape, device=device, dtype=dtype)
        made.append(turned(grad) if turn else grad)
    return made


def parameters(grads):
    """Return parameters with these gradients, and one in between that has none."""
    params = [torch.zeros_like(g).contiguous().requires_grad_() for g in grads]
    for p, g in zip(params, grads, strict=True):
        p.grad = g
    return [*params[:3], torch.ones(2, dtype=NARROW, device=params[0].device), *params[3:]]


def mistakes(before, due):
    """Return for each mistake what the gradients of all ranks would be."""
    ranks = len(before)

    def but_turned(rank, values):
        turned_here = TURNED if rank % 2 == 0 else ()
        return [g if i in turned_here else due[i] for i, g in enumerate(values)]

    in_memory = [turned(g).reshape(g.shape) if i in TURNED else g for i, g in enumerate(due)]
    return {
        "the sum is left as it is": [[g * ranks for g in due]] * ranks,
        "what has come is not copied back": before,
        "what has come is not copied back, and each rank divides its own": [
            [g / ranks for g in mine] for mine in before
        ],
        "it is divided twice": [[g / ranks for g in due]] * ranks,
        "a transposed gradient gets nothing: reshape(-1) of it is a copy": [
            but_turned(rank, mine) for rank, mine in enumerate(before)
        ],
        "the elements of a transposed gradient are put back in another order": [
            but_turned(rank, in_memory) for rank in range(ranks)
        ],
    }


@pytest.mark.parametrize(
    ("ranks", "bucket_bytes", "dtypes", "enough"),
    [
        (1, 0, MIXED, 7),
        (3, 64, MIXED, 6),
        (2, 100, MIXED, 5),
        (3, 10**6, HALVES, 3),
        # Of 48 and 56 bytes; 96; 40 and 64; 88 and 16. By size they would need one more.
        (2, 104, [WIDE] * 7, 4),
        (1, 10**6, [WIDE] * 7, 1),
    ],
)
def test_gradients_are_averaged_in_few_buckets(ranks, bucket_bytes, dtypes, enough, device):
    made = [gradients(device, rank, dtypes) for rank in range(ranks)]
    before = [copies(grads) for grads in made]
    params = [parameters(grads) for grads in made]
    objects = [as_found(dict(enumerate(mine))) for mine in made]
    strides = [[g.stride() for g in mine] for mine in made]

    ran = run_ranks(
        ranks,
        lambda rank: called(
            data_parallel.average_in_buckets_,
            OneByOne(params[rank]) if bucket_bytes == 100 else params[rank],
            bucket_bytes,
            grad_mode=ranks != 3,
        ),
    )

    due = [torch.stack(each).mean(0) for each in zip(*before, strict=True)]
    with_none = [*due[:3], None, *due[3:]]
    given = f"a bucket having {bucket_bytes} bytes"
    known = mistakes(before, due)
    # Where halves are added or divided first, each step rounds, and little of a sum may be left.
    coarse = 2e-2 if dtypes is HALVES else None
    check(
        [[p.grad for p in mine] for mine in params],
        [with_none] * ranks,
        what=f"{given}, the .grad of each parameter of each rank",
        mistakes={
            name: [[*grads[:3], None, *grads[3:]] for grads in value]
            for name, value in known.items()
        },
        atol=coarse,
    )
    for rank in range(ranks):
        are = [p.grad for p in params[rank] if p.grad is not None]
        demand_same_objects(objects[rank], dict(enumerate(are)), f"rank {rank}: .grad of")
        check(
            [g.stride() for g in are],
            strides[rank],
            what=f"the strides of each .grad of rank {rank}",
        )
    demand_buckets(ran.calls[0], made[0], bucket_bytes, given)
    calls = len(ran.calls[0])
    if calls > enough:
        raise Wrong(f"{given}, {calls} collectives are made: no more than {enough} are due")
    check(ran.results, [calls] * ranks, what=f"{given}, the number of collectives on each rank")


def demand_buckets(calls, grads, bucket_bytes, given):
    """Demand that each call is the all_reduce of one bucket."""
    for call in calls:
        if call.kind != "all_reduce":
            raise Wrong(f"{given}, {call} is called: a bucket is exchanged by one all_reduce")
    dtypes = dict.fromkeys(g.dtype for g in grads)
    for dtype in dtypes:
        sent = sum(call.elements for call in calls if call.dtype == dtype)
        have = sum(g.numel() for g in grads if g.dtype == dtype)
        if sent < have and not any(call.dtype not in dtypes for call in calls):
            raise Wrong(
                f"{given}, {sent} elements of {dtype} are exchanged, and the gradients of {dtype} "
                f"have {have}: send the last bucket too, and what is larger than a bucket"
            )
        if sent != have:
            raise Wrong(
                f"{given}, {sent} elements of {dtype} are exchanged, and the gradients of {dtype} "
                f"have {have}: a bucket has gradients of one dtype, and each is in one bucket"
            )
    smallest = min(g.nbytes for g in grads)
    for call in calls:
        if call.elements * call.dtype.itemsize < smallest:
            raise Wrong(
                f"{given}, {call} has {call.elements * call.dtype.itemsize} bytes, and no gradient "
                "is so small: one that is larger than a bucket stays whole"
            )
    alone = [g.nbytes for g in grads if g.nbytes > bucket_bytes]
    for call in calls:
        size = call.elements * call.dtype.itemsize
        if size > bucket_bytes and size not in alone:
            raise Wrong(
                f"{given}, one of {size} bytes is exchanged: begin a new one before the next "
                "gradient makes it too large"
            )


def test_all_gradients_may_be_none(device):
    params = [torch.ones(2, device=device, requires_grad=True)]

    ran = run_ranks(1, lambda _rank: data_parallel.average_in_buckets_(params, 8))

    check(ran.results, [0], what="the number of collectives where each .grad is None")
