import forward_mode
import pytest
import torch

from gradkata.checks import check, forbid, sample

from .shared import (
    REVERSE,
    Case,
    Observed,
    all_record,
    as_many_and_a_column_of_zeros,
    constant_that_records,
    demand_that_errors_come_through,
    each,
    jacobian_mistakes,
    slope7,
    transposed,
    zero_axes,
)

pytestmark = pytest.mark.task("jacobian_forward")


in_one_batch = forbid(
    *REVERSE,
    "torch.func.jacfwd",
    "torch.func.linearize",
    reason="map torch.func.jvp over all directions with torch.func.vmap",
)


@each(transposed, zero_axes, all_record, constant_that_records, as_many_and_a_column_of_zeros)
def test_jacobian_forward_is_torchs(case, device):
    case = Case(case, device)

    with case.called(), in_one_batch:
        result = forward_mode.jacobian_forward(case.f, case.x)

    check(
        result,
        case.jacobian,
        what=f"J, {case.words}",
        rtol=case.rtol,
        atol=case.rtol,
        mistakes=jacobian_mistakes(case),
    )


def test_jacobian_forward_takes_one_pass(device):
    x, f = sample((257,), device=device), Observed(slope7)

    with in_one_batch:
        result = forward_mode.jacobian_forward(lambda t: f(t).sin(), x)

    assert f.calls == 1, f"f is called {f.calls} times: one pass carries all columns at once"
    check(result, torch.diag(x.square().cos() * 7), what="J of an f with a derivative of its own")


def test_jacobian_forward_lets_an_error_of_f_through(device):
    demand_that_errors_come_through(forward_mode.jacobian_forward, device, in_one_batch)
