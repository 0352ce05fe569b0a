import forward_mode
import pytest
import torch

from gradkata.checks import check, forbid, sample

from .shared import (
    REVERSE,
    UNINITIALISED,
    Case,
    Observed,
    all_record,
    constant_that_records,
    demand_that_errors_come_through,
    each,
    slope7,
    transposed,
    zero_axes,
)

pytestmark = pytest.mark.task("jvp")


forward_only = forbid(
    *REVERSE,
    "torch.func.jvp",
    "torch.func.jacfwd",
    "torch.func.linearize",
    reason="let x move along v with torch.autograd.forward_ad",
)


def test_jvp_takes_one_pass_forward_and_saves_nothing(device):
    x = sample((3,), device=device, requires_grad=True)
    f, saved = Observed(slope7), []

    hooks = torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t.shape), lambda t: t)
    with hooks, forward_only:
        _, product = forward_mode.jvp(lambda t: f(t).sin(), x, x)

    at = x.detach()
    assert f.calls == 1, (
        f"f is called {f.calls} times: its one result holds both; a difference of values nearby "
        "only comes near Jv"
    )
    assert saved == [], (
        f"{len(saved)} tensors are saved for a backward pass, and none runs: "
        "cut x off from its graph with x.detach() first"
    )
    check(product, at.square().cos() * 7 * at, what="Jv of an f with a derivative of its own")


@each(transposed, zero_axes, all_record, constant_that_records)
def test_jvp_is_f_and_j_times_v(case, device):
    case = Case(case, device)
    v = case.direction()

    with case.called(v), forward_only:
        result = forward_mode.jvp(case.f, case.x, v)

    assert case.calls == 1, (
        f"{case.words}, f is called {case.calls} times: the value that is unpacked has the shape "
        "of f(x)"
    )
    value, product = case.f(case.at).detach(), case.times(v.detach())
    check(
        result,
        (value, product),
        what=f"f(x) and Jv, {case.words}",
        rtol=case.rtol,
        atol=case.rtol,
        mistakes={
            "v is left out: that is the sum of each row of J": (
                value,
                case.times(torch.ones_like(case.at)),
            ),
            "x moves along x, and not along v": (value, case.times(case.at)),
            "the two are swapped: f(x) comes first": (product, value),
            UNINITIALISED: (value, torch.full_like(product, torch.nan)),
        },
    )


def test_jvp_lets_an_error_of_f_through_and_leaves_the_level(device):
    def call(f, x):
        forward_mode.jvp(f, x, x)

    demand_that_errors_come_through(call, device, forward_only)
