import gradient_flow
import numpy as np
import pytest
import torch
from torch import nn

from gradkata.checks import a_leaf, any_layout, build, check, sample, unchanged

from .shared import INF, MADE_FINITE, NAN, ending_in_nan

pytestmark = pytest.mark.task("snapshot")


def values_of(t, dtype=np.float64):
    """Return the values, through Python numbers."""
    return np.array(t.tolist(), dtype=dtype)


@any_layout
def test_a_snapshot_has_the_values(layout, device):
    t = sample(**layout, device=device)

    with unchanged(t):
        array = gradient_flow.snapshot(t)

    check(array, values_of(t), what="the snapshot of a torch.float64 tensor")


@any_layout
def test_a_snapshot_may_be_taken_of_a_leaf_and_inside_a_graph(layout, device):
    x = a_leaf(**layout, device=device)
    inside = x.exp()

    with unchanged(x, inside):
        arrays = [gradient_flow.snapshot(x), gradient_flow.snapshot(inside)]

    check(arrays, [values_of(x), values_of(inside)], what="the snapshots of x and exp(x)")


@any_layout
def test_later_changes_do_not_reach_a_snapshot(layout, device):
    t = sample(**layout, device=device)
    before = values_of(t)

    array = gradient_flow.snapshot(t)
    t.add_(1)

    check(
        array,
        before,
        what="the snapshot, after t.add_(1)",
        mistakes={
            "the array shares memory with the tensor: Tensor.numpy does not copy": values_of(t)
        },
    )


@pytest.mark.parametrize(
    ("dtype", "due"), [(torch.float32, np.float32), (torch.float16, np.float16)], ids=str
)
def test_a_snapshot_keeps_the_dtype(dtype, due, device):
    t = sample((4, 3), device=device, dtype=dtype)
    t[0] = t.new_tensor([6e4, INF, NAN])
    before = values_of(t, due)

    array = gradient_flow.snapshot(t)
    t.add_(1)

    check(
        array,
        before,
        what=f"the snapshot of a {dtype} tensor, which has changed since",
        mistakes={MADE_FINITE: np.nan_to_num(before)},
    )


def test_a_snapshot_of_bfloat16_is_float32(device):
    t = 1e30 * sample((4, 3), device=device, dtype=torch.bfloat16)
    t[0] = torch.tensor([NAN, INF, 1e-30])
    t.requires_grad_()

    with unchanged(t):
        array = gradient_flow.snapshot(t)

    check(
        array,
        values_of(t, np.float32),
        what="the snapshot of a bfloat16 tensor",
        mistakes={
            "it passes through float16, which ends at 65504": lambda: values_of(
                t.half(), np.float32
            )
        },
    )


def test_a_snapshot_of_a_parameter_outlives_a_step(device):
    p = ending_in_nan(build(lambda: nn.Linear(3, 2), device=device).weight)
    before = values_of(p)

    with unchanged(p):
        array = gradient_flow.snapshot(p)
    with torch.no_grad():
        p.add_(1)

    check(
        array,
        before,
        what="the snapshot of a parameter with 1e6, inf and nan, after the parameter changed",
        mistakes={MADE_FINITE: np.nan_to_num(before)},
    )
