import large_models
import pytest
import torch
from torch.nn import functional as F

from gradkata.checks import (
    check,
    either_dtype,
    forbid,
    sample,
    situation,
    stale_memory,
    tracked_copies,
    unchanged,
)

from .shared import UNINITIALISED, Memory, watched_backward

pytestmark = pytest.mark.task("chunked_cross_entropy")

IGNORED = -100
# Newer torch has the whole task as a function.
WHOLE = [n for n in ("torch.nn.functional.linear_cross_entropy",) if hasattr(F, n.split(".")[-1])]


def given(rows, depth, classes, device, dtype=torch.float64, ignored=3):
    x = sample((rows, depth), device=device, dtype=dtype, low=-2, high=2)
    weight = sample((classes, depth), device=device, dtype=dtype)
    y = torch.arange(rows, device=device) * 5 % classes
    y[1::ignored] = IGNORED
    return x, weight, y


def losses_of(x, weight, y):
    return F.cross_entropy(x @ weight.T, y, reduction="none", ignore_index=IGNORED)


def chunks(tensor, chunk):
    return [tensor[i : i + chunk] for i in range(0, len(tensor), chunk)]


def judge(x, weight, y, chunk, what):
    x, weight = tracked_copies(x, weight)
    counted = y != IGNORED
    each = losses_of(x, weight, y)
    mean = each.sum() / counted.sum()

    with forbid(*WHOLE, reason="compute it in pieces"), unchanged(x, weight, y):
        result = large_models.chunked_cross_entropy(x, weight, y, chunk)

    pieces = list(zip(chunks(each, chunk), chunks(counted, chunk), strict=True))
    means = [e.sum() / c.sum() for e, c in pieces if c.any()]
    padded = losses_of(x, weight, y.clamp(min=0)).mean()
    mistakes = {
        "the mean of the chunks' means is taken: each row counts alike": sum(means) / len(means),
        "the mean of the chunks' means is taken: each row counts alike, and a chunk without one "
        "that counts is none": sum(means) / len(pieces),
        "−100 is counted: it is divided by all rows": each.mean(),
        "−100 is taken for a class": padded,
        "the losses are added up, and never divided": each.sum(),
        "only the last chunk counts": means[-1],
        "the last chunk is left out: N need not be a multiple": (
            each[: len(y) // chunk * chunk].sum() / counted[: len(y) // chunk * chunk].sum()
        ),
    }
    single = x.dtype == torch.float32
    tolerances = {"rtol": 1e-5, "atol": 1e-3} if single else {}
    check(result, mean, what=f"the loss of {what}", mistakes=mistakes, **tolerances)

    due = torch.autograd.grad(mean, (x, weight), retain_graph=True)
    if single:  # a logit of hundreds is off by 1e-4, and with it each softmax, times x and weight
        tolerances["atol"] *= max(float(d.abs().max()) for d in due)
    with situation("in two backwards, the first retaining the graph"):
        torch.autograd.grad(result * 3.5, (x, weight), retain_graph=True)
        found = torch.autograd.grad(result * 2.5, (x, weight))

    def gradients(loss):
        return torch.autograd.grad(loss, (x, weight), retain_graph=True)

    def last_for_weight():
        loss = chunks(each, chunk)[-1].sum() / counted.sum()
        return 2.5 * due[0], 2.5 * gradients(loss)[1]

    check(
        found,
        tuple(2.5 * d for d in due),
        what=f"the gradients for x and weight of 2.5 · the loss, of {what}",
        mistakes={
            "the incoming gradient is left out": due,
            "backward writes to what it holds: the one before counts": (
                tuple(8.75 * d for d in due)
            ),
            "the weight has the gradient of the last chunk alone": last_for_weight,
            "the gradient for x is left out": lambda: (0 * due[0], 2.5 * due[1]),
            **{
                name: lambda loss=loss: tuple(2.5 * g for g in gradients(loss))
                for name, loss in mistakes.items()
            },
        },
        **tolerances,
    )


@pytest.mark.parametrize("chunk", [3, 4, 20, 1])
def test_chunked_cross_entropy_is_the_mean_over_the_rows_that_count(chunk, device):
    judge(*given(8, 4, 6, device), chunk, f"8 rows, {chunk} at a time")


def test_chunked_cross_entropy_takes_a_chunk_without_a_row_that_counts(device):
    x, weight, y = given(10, 4, 6, device)
    y[3:6] = IGNORED
    judge(x, weight, y, 3, "10 rows, 3 at a time, of which 3 do not count")


@either_dtype
def test_chunked_cross_entropy_takes_any_layout_and_large_logits(dtype, device):
    x, weight, y = given(7, 4, 6, device, dtype)
    x = (x.T.contiguous() * 300).T
    judge(x, weight.T.contiguous().T, y, 2, f"logits of hundreds, transposed, in {dtype}")


@pytest.mark.parametrize("frozen", ["x", "weight", "both"])
def test_chunked_cross_entropy_lets_either_be_frozen(frozen, device):
    x, weight, y = given(7, 4, 6, device)
    x.requires_grad_(frozen == "weight")
    weight.requires_grad_(frozen == "x")
    loss = losses_of(x, weight, y).sum() / (y != IGNORED).sum()

    result = large_models.chunked_cross_entropy(x, weight, y, 3)

    check(result, loss, what=f"the loss, {frozen} being frozen")
    if frozen != "both":
        leaf = x if frozen == "weight" else weight
        (due,) = torch.autograd.grad(loss, leaf)
        with situation(f"with {frozen} frozen"):
            (found,) = torch.autograd.grad(result, leaf)
        check(found, due, what=f"the gradient, {frozen} being frozen")


def test_chunked_cross_entropy_never_holds_all_logits(device):
    rows, depth, classes, chunk = 96, 4, 50, 8
    x, weight, y = given(rows, depth, classes, device)
    x, weight = tracked_copies(x, weight)
    small = rows * depth + classes * depth
    memory = Memory()

    with watched_backward(memory):
        result = large_models.chunked_cross_entropy(x, weight, y, chunk)
        kept = memory.alive_at_most(2 * small)
        gradients = torch.autograd.grad(result, (x, weight))

    most = max(chunk * classes, rows * depth, classes * depth)
    sizes = f"N={rows}, D={depth}, V={classes}, chunk={chunk}"
    assert memory.most() <= most, (
        f"a tensor of {memory.most()} elements is made with {sizes}: at most {most} are due; "
        f"all logits would be {rows * classes}"
    )
    assert kept <= 2 * small, (
        f"between forward and backward {kept} elements are alive with {sizes}: at most {2 * small} "
        "are due. The graph of a chunk holds its logits: let backward compute them again, or "
        "compute the gradients in forward"
    )
    peak = 5 * chunk * classes + 3 * small
    assert memory.peak <= peak, (
        f"at one time {memory.peak} elements are alive with {sizes}: at most {peak} are due"
    )
    del gradients


def test_chunked_cross_entropy_takes_one_tensor_for_both(device):
    x, _, y = given(7, 4, 7, device)
    x.requires_grad_()
    loss = losses_of(x, x, y).sum() / (y != IGNORED).sum()
    (due,) = torch.autograd.grad(loss, x)

    with watched_backward(stale_memory()):
        result = large_models.chunked_cross_entropy(x, x, y, 3)
        (found,) = torch.autograd.grad(result, x)

    for yours, right, name in ((result, loss, "loss"), (found, due, "gradient")):
        check(
            yours,
            right,
            what=f"the {name} for a tensor that is both x and weight",
            mistakes={UNINITIALISED: torch.full_like(right, torch.nan)},
        )


def test_chunked_cross_entropy_has_no_graph_inside_no_grad(device):
    x, weight, y = given(7, 4, 6, device)
    x.requires_grad_()
    with torch.no_grad():
        result = large_models.chunked_cross_entropy(x, weight, y, 3)
        due = losses_of(x, weight, y).sum() / (y != IGNORED).sum()
    check(result, due, what="the loss inside torch.no_grad()")
