import data_parallel
import pytest
import torch

from gradkata.checks import Wrong, check, copies, one_by_one, run_ranks, sample, turned

from .shared import called, demand_same_objects

pytestmark = pytest.mark.task("average_in_buckets_")

WIDE, NARROW = torch.float64, torch.float32
# Of 48 and 56 bytes; of 48, 20 and 32, which is 100 together; of 88 and 16.
SHAPES = [(2, 3), (7,), (3, 4), (5,), (8,), (11,), (1, 2)]
DTYPES = [WIDE, WIDE, NARROW, NARROW, NARROW, WIDE, WIDE]
TURNED = (0, 2)


def gradients(device):
    made = []
    for i, (shape, dtype) in enumerate(zip(SHAPES, DTYPES, strict=True)):
        grad = sample(shape[::-1] if i in TURNED else shape, device=device, dtype=dtype)
        made.append(turned(grad) if i in TURNED else grad)
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

    def but_turned(mine):
        return [
            g if i in TURNED else mean for i, (g, mean) in enumerate(zip(mine, due, strict=True))
        ]

    in_memory = [turned(g).reshape(g.shape) if i in TURNED else g for i, g in enumerate(due)]
    return {
        "the sum is left as it is": [[g * ranks for g in due]] * ranks,
        "what has come is not copied back": before,
        "what has come is not copied back, and each rank divides its own": [
            [g / ranks for g in mine] for mine in before
        ],
        "it is divided twice": [[g / ranks for g in due]] * ranks,
        "a transposed gradient gets nothing: reshape(-1) of it is a copy": list(
            map(but_turned, before)
        ),
        "the elements of a transposed gradient are put back in another order": [in_memory] * ranks,
    }


@pytest.mark.parametrize(
    ("ranks", "bucket_bytes", "enough"), [(1, 0, 7), (3, 64, 6), (2, 100, 5), (3, 10**6, 3)]
)
def test_gradients_are_averaged_in_few_buckets(ranks, bucket_bytes, enough, device):
    made = [gradients(device) for _ in range(ranks)]
    before = [copies(grads) for grads in made]
    params = [parameters(grads) for grads in made]
    strides = [g.stride() for g in made[0]]

    ran = run_ranks(
        ranks,
        lambda rank: called(
            data_parallel.average_in_buckets_,
            one_by_one(params[rank]) if bucket_bytes == 100 else params[rank],
            bucket_bytes,
            grad_mode=ranks != 3,
        ),
    )

    due = [torch.stack(each).mean(0) for each in zip(*before, strict=True)]
    with_none = [*due[:3], None, *due[3:]]
    given = f"a bucket having {bucket_bytes} bytes"
    known = mistakes(before, due)
    check(
        [[p.grad for p in mine] for mine in params],
        [with_none] * ranks,
        what=f"{given}, the .grad of each parameter of each rank",
        mistakes={
            name: [[*grads[:3], None, *grads[3:]] for grads in value]
            for name, value in known.items()
        },
    )
    for rank, grads in enumerate(made):
        are = [p.grad for p in params[rank] if p.grad is not None]
        demand_same_objects(dict(enumerate(grads)), dict(enumerate(are)), f"rank {rank}: .grad of")
        check([g.stride() for g in are], strides, what=f"the strides of each .grad of rank {rank}")
    demand_buckets(ran.calls[0], made[0], bucket_bytes, given)
    calls = len(ran.calls[0])
    if calls > enough:
        raise Wrong(f"{given}, {calls} collectives are made, and {enough} are enough")
    check(ran.results, [calls] * ranks, what=f"{given}, the number of collectives on each rank")


def demand_buckets(calls, grads, bucket_bytes, given):
    """Demand that each call is the all_reduce of one bucket."""
    for call in calls:
        if call.kind != "all_reduce":
            raise Wrong(f"{given}, {call} is called: a bucket is exchanged by one all_reduce")
    for dtype in (NARROW, WIDE):
        sent = sum(call.elements for call in calls if call.dtype == dtype)
        have = sum(g.numel() for g in grads if g.dtype == dtype)
        if sent != have:
            raise Wrong(
                f"{given}, {sent} elements of {dtype} are exchanged, and the gradients of {dtype} "
                f"have {have}: a bucket has gradients of one dtype, and each is in one bucket"
            )
    alone = [g.nbytes for g in grads if g.nbytes > bucket_bytes]
    for call in calls:
        size = call.elements * call.dtype.itemsize
        if size > bucket_bytes and size not in alone:
            raise Wrong(
                f"{given}, one of {size} bytes is exchanged: begin a new one before the next "
                "gradient makes it too large"
            )
