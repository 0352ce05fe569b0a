import math

import gradient_surgery
import pytest
import torch

from gradkata.checks import check, sample, unchanged

pytestmark = pytest.mark.task("project_conflicts")


def projected(
    grads,
    *,
    others=None,
    always=False,
    first_dot=False,
    once=False,
    backwards=False,
    lengths=True,
    equals=True,
    more=0.0,
):
    """Return the sum of the rows, each without what conflicts, or what a mistake makes of it."""
    rows, done = list(grads), []
    for i, own in enumerate(rows):
        g, targets = own, rows
        if others == "projected":
            targets = done + rows[i:]
        order = range(len(rows))
        for j in reversed(order) if backwards else order:
            h = targets[j]
            if j == i or not (equals or (h != own).any()):
                continue
            dot = (own if first_dot else g) @ h
            if dot < 0 or (always and h.any()):
                g = g - dot / (h @ h + more if lengths else (h @ h).sqrt()) * h
                if once:
                    break
        done.append(g)
    return torch.stack(done).sum(0)


def conflicting(tasks, n, device, dtype=torch.float64):
    """Return rows of which many conflict: they point away from one another."""
    rows = sample((tasks, n), device=device, dtype=dtype)
    return rows - 0.7 * rows.sum(0) / tasks


def judge(grads, given, *, named=True, atol=None):
    with unchanged(grads):
        result = gradient_surgery.project_conflicts(grads)
    g = grads.detach()
    mistakes = {
        "nothing is projected: it is the plain sum": g.sum(0),
        "rows that do not conflict are projected too": lambda: projected(g, always=True),
        "each row is to meet the rows before it too, as they were given: these are left out, or "
        "are projected already": lambda: projected(g, others="projected"),
        "the dot product is that of the row as it was given, not of what is left of it": (
            lambda: projected(g, first_dot=True)
        ),
        "only the first conflict of each row is taken out": lambda: projected(g, once=True),
        "the other rows are met in the wrong order": lambda: projected(g, backwards=True),
        "the projection is divided by h's length, not by its square": (
            lambda: projected(g, lengths=False)
        ),
        "a row does not meet those that have its own values": (lambda: projected(g, equals=False)),
        "a small number is added to h·h: divide by h·h as it is": lambda: projected(g, more=1e-8),
        "it is the mean of the rows, not their sum": lambda: projected(g) / len(g),
        "a row of zeros divides 0 by 0": lambda: projected(g) * float("nan"),
    }
    check(
        result,
        projected(g),
        what=given,
        atol=atol,
        mistakes=mistakes if named else None,
    )


def test_project_conflicts_takes_the_part_along_the_other_out(device):
    judge(
        torch.tensor([[2.0, 0.0], [-1.0, 1.0]], dtype=torch.float64, device=device),
        "(2, 0) and (−1, 1), which gives (1, 2)",
    )


@pytest.mark.parametrize("draw", range(3))
@pytest.mark.parametrize("tasks", [2, 4])
def test_project_conflicts_of_several_rows(tasks, draw, device):
    judge(conflicting(tasks, 3, device), f"{tasks} rows of 3 numbers")


@pytest.mark.parametrize(
    ("dtype", "power"),
    [
        (torch.float64, 0),
        *((torch.float32, power) for power in (0, -20, 50, -50)),
        (torch.float64, -300),
    ],
    ids=str,
)
def test_project_conflicts_goes_on_with_what_is_left(dtype, power, device):
    # After the first row has lost its part along the second, it no longer conflicts with the third.
    rows = [[1.0, 1.0, 0.0], [-2.0, 0.0, 0.5], [-1.0, 0.1, 3.0], [0.3, -2.0, -1.0]]
    grads = torch.tensor(rows, dtype=dtype, device=device) * 2.0**power
    what = f"4 rows of about {2.0**power:.0g}, {dtype}"
    # Of small or large rows, several mistakes come to the same.
    judge(grads, what, named=not power, atol=1e-5 * 2.0**power)


def test_project_conflicts_keeps_a_dtype_that_is_not_the_default(device):
    rows = [[1.0, 1.0, 0.0], [-1.0, 0.0, 0.5]]
    grads = torch.tensor(rows, dtype=torch.bfloat16, device=device)
    judge(grads, "2 rows in torch.bfloat16", named=False, atol=0.05)


def test_project_conflicts_lets_equal_rows_meet(device):
    # Between the first two, the third row turns until it conflicts with the fourth, its equal.
    rows = [[-1.0, 0.2], [-1.0, -0.2], [1.0, 0.0], [1.0, 0.0]]
    judge(torch.tensor(rows, dtype=torch.float64, device=device), "4 rows, of which two are equal")


def test_project_conflicts_leaves_rows_alone_that_agree(device):
    judge(sample((4, 3), device=device, low=0.5), "4 rows that agree")
    judge(sample((1, 3), device=device), "a single row")


def test_project_conflicts_of_opposite_rows_is_0(device):
    row = torch.tensor([1.0, -2.0, 2.0], dtype=torch.float64, device=device)
    rows = torch.stack([row, -row, -3 * row])
    # On one line several mistakes come to the same.
    judge(rows, "three rows along one line, two against the first", named=False)


def test_project_conflicts_takes_a_row_of_zeros(device):
    grads = conflicting(4, 3, device)
    grads[1] = 0
    judge(grads, "4 rows, one of them zeros")


def test_project_conflicts_lets_a_nan_through(device):
    grads = conflicting(4, 3, device)
    grads[1, 2] = math.nan

    result = gradient_surgery.project_conflicts(grads)

    # Whether it gets into the other numbers too is left open.
    check(result[2], grads[1, 2], what="the last number, which in one of the rows is NaN")


def test_project_conflicts_has_no_graph(device):
    grads = conflicting(3, 4, device).T.contiguous().T.requires_grad_()
    grads.grad = torch.full_like(grads, 7)
    judge(grads, "rows that require grad")
