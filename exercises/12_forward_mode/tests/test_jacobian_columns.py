import forward_mode
import pytest
import torch

from gradkata.checks import check, forbid, sample

from .shared import (
    REVERSE,
    Case,
    Observed,
    all_record,
    argument_itself,
    as_many_and_a_column_of_zeros,
    constant_that_records,
    demand_that_errors_come_through,
    each,
    jacobian_mistakes,
    slope7,
    transposed,
    zero_axes,
)

pytestmark = pytest.mark.task("jacobian_columns")


one_by_one = forbid(
    *REVERSE,
    "torch.func.jacfwd",
    "torch.func.linearize",
    "torch.func.vmap",
    reason="take one pass forward for each element of x",
)


@each(
    transposed,
    zero_axes,
    all_record,
    argument_itself,
    constant_that_records,
    as_many_and_a_column_of_zeros,
)
def test_jacobian_columns_is_torchs(case, device):
    case = Case(case, device)

    with case.called(), one_by_one:
        result = forward_mode.jacobian_columns(case.f, case.x)

    check(
        result,
        case.jacobian,
        what=f"J, {case.words}",
        rtol=case.rtol,
        atol=case.rtol,
        mistakes=jacobian_mistakes(case),
    )


def test_jacobian_columns_takes_one_pass_for_each_element_of_x(device):
    x, f = sample((3, 1), device=device), Observed(slope7)

    with one_by_one:
        result = forward_mode.jacobian_columns(lambda t: f(t).sin().flatten(), x)

    assert f.calls == 3, (
        f"x has 3 elements, and f is called {f.calls} times: each call gives one column, and f(x), "
        "with its shape, comes with any of them"
    )
    expected = torch.diag((x.square().cos() * 7).flatten())[..., None]
    check(result, expected, what="J of an f with a derivative of its own")


def test_jacobian_columns_lets_an_error_of_f_through_and_leaves_the_level(device):
    demand_that_errors_come_through(forward_mode.jacobian_columns, device, one_by_one)
