import custom_ops
import pytest
import torch

from gradkata.checks import check, sample

from .shared import called, check_own_memory, one_run, registered

pytestmark = pytest.mark.task("register_solve")

BATCH = 5


def solve():
    return registered(custom_ops.register_solve, "(Tensor a, Tensor b) -> Tensor")


def matrices(*leading, device, n=3, dtype=torch.float64):
    noise = sample((*leading, n, n), device=device, dtype=dtype)
    return noise + 6 * torch.eye(n, device=device, dtype=dtype)


def solution(a, b):
    return torch.linalg.solve(a, b.unsqueeze(-1)).squeeze(-1)


def test_solve_of_any_number_of_systems(device):
    op = solve()
    # As many systems as unknowns; one system, one unknown.
    for leading, n in ((), 3), ((1,), 3), ((3,), 3), ((2,), 1), ((2, 4), 3):
        a = matrices(*leading, device=device, n=n).mT
        b = sample((*leading, n), device=device, strided=True)
        check(
            called(op, a, b),
            solution(a, b),
            what=f"a of shape {tuple(a.shape)}, b of shape {tuple(b.shape)}",
            mistakes={
                "b is taken for a matrix, since it has two axes: give each vector a last axis of "
                "its own": lambda a=a, b=b: torch.linalg.solve(a, b.unsqueeze(0)),
                "a is transposed": lambda a=a, b=b: solution(a.mT, b),
            },
        )


def mapped(a, b, in_dims, size):
    """Return what is due, system by system."""
    return torch.stack(
        [
            solution(
                *(t if d is None else t.select(d, i) for t, d in zip((a, b), in_dims, strict=True))
            )
            for i in range(size)
        ]
    )


def judge(a, b, in_dims, size):
    op = solve()
    if None in in_dims:  # Another size before, of which nothing is to be kept.
        torch.func.vmap(op)(matrices(2, device=a.device), sample((2, 3), device=a.device))
    what = f"vmap over {size} times {b.ndim - 1} leading axes, in_dims={in_dims}"

    with one_run(
        op,
        what=what,
        advice="the rule is to call op once, on tensors with one leading axis more",
    ):
        result = torch.func.vmap(op, in_dims=in_dims)(a, b)

    due = mapped(a, b, in_dims, size)
    check(
        result,
        due,
        what=what,
        mistakes={
            "the axis that is mapped over is taken for the first: move each argument's own, which "
            "in_dims names": lambda: solution(a, b),
            "the axis that is mapped over ends in another place than the rule says": (
                lambda: due.transpose(0, 1)
            ),
        },
    )


@pytest.mark.parametrize(
    ("in_dims", "dtype"),
    [
        ((0, 1), torch.float64),
        ((2, 0), torch.float32),
        ((None, 1), torch.float32),
        ((0, None), torch.float64),
    ],
    ids=str,
)
def test_solve_of_as_many_systems_as_unknowns_under_vmap(in_dims, dtype, device):
    of_a, of_b = in_dims
    a = matrices(*(() if of_a is None else (3,)), device=device, dtype=dtype)
    b = sample((3,) if of_b is None else (3, 3), device=device, dtype=dtype)
    judge(a if of_a is None else a.movedim(0, of_a), b, in_dims, 3)


@pytest.mark.parametrize("in_dims", [(0, 0), (1, 2), (3, 1), (None, 2), (1, None)], ids=str)
def test_solve_runs_once_under_vmap(in_dims, device):
    of_a, of_b = in_dims
    a, b = matrices(2, device=device), sample((2, 3), device=device)
    if of_a is not None:
        a = matrices(BATCH, 2, device=device).movedim(0, of_a)
    if of_b is not None:
        b = sample((BATCH, 2, 3), device=device).movedim(0, of_b)

    judge(a, b, in_dims, BATCH)


def test_solve_runs_once_under_two_vmaps(device):
    op = solve()
    a = matrices(4, BATCH, device=device)
    b = sample((3, BATCH), device=device)

    inner = torch.func.vmap(op, in_dims=(0, None))
    with one_run(
        op,
        what="a vmap inside a vmap",
        advice="the rule is to call op, which may be inside a vmap again",
    ):
        result = torch.func.vmap(inner, in_dims=(1, 1))(a, b)

    due = solution(a.transpose(0, 1), b.T.unsqueeze(1).expand(BATCH, 4, 3))
    check(
        result,
        due,
        what="a vmap over 4 matrices inside a vmap over 5 pairs",
        mistakes={"the two axes are swapped": due.transpose(0, 1)},
    )

    a = matrices(BATCH, device=device)
    b = sample((4, BATCH, 3), device=device)
    inner = torch.func.vmap(op, in_dims=(None, 0))
    what = "a vmap over 4 vectors with one matrix inside a vmap over 5 pairs"
    with one_run(op, what=what, advice="call op, on a and b with one leading axis more each"):
        result = torch.func.vmap(inner, in_dims=(0, 1))(a, b)
    due = solution(a.unsqueeze(1).expand(BATCH, 4, 3, 3), b.transpose(0, 1))
    check(result, due, what=what)


def test_solve_keeps_out_of_its_arguments(device):
    check_own_memory(solve(), matrices(2, device=device), sample((2, 3), device=device))
    check_own_memory(solve(), 6 * torch.eye(1, device=device), sample((1,), device=device).float())
