import math

import debugging
import pytest
import torch

from gradkata.checks import check, raises, sample, unchanged

from .shared import FailsInBackward, a_leaf

pytestmark = pytest.mark.task("first_nan_op")


# first_nan_op

# The message says where in forward the node was made; of no interest here.
anomaly_warns = pytest.mark.filterwarnings(
    "ignore:Anomaly Detection has been enabled:UserWarning",
    "ignore:Error detected in:UserWarning",
)


def masked_root(x):
    """Return the sum of the roots of what is positive; at 0 the discarded branch gives 0 · inf."""
    return torch.where(x > 0, x.sqrt(), 0).sum()


class NanSlope(torch.autograd.Function):
    """Passes its input on, and hands NaN back."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * math.nan


def with_a_zero(device, *, shape=(4, 3), dtype=torch.float64):
    x = sample(shape, device=device, dtype=dtype, low=0.5)
    x.view(-1)[0] = 0
    return x


@anomaly_warns
@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((4, 3), torch.float64), ((), torch.float64), ((4, 1), torch.float32)],
    ids=str,
)
def test_the_root_of_0_in_a_branch_that_is_discarded_is_found(shape, dtype, device):
    x = with_a_zero(device, shape=shape, dtype=dtype).requires_grad_()

    with unchanged(x):
        name = debugging.first_nan_op(masked_root, x)

    check(
        name,
        "SqrtBackward0",
        what="where(x > 0, sqrt(x), 0) at 0, whose value is not NaN but whose backward is",
        mistakes={
            "no NaN is found: the values have none, search what the nodes of backward return": None
        },
    )


@anomaly_warns
@pytest.mark.parametrize(
    ("words", "f"),
    [
        ("x.sin().square().sum()", lambda x: x.sin().square().sum()),
        ("x.sqrt().sum(), whose gradient is infinite", lambda x: x.sqrt().sum()),
        ("(x + nan).sum(), whose value alone is NaN", lambda x: (x + math.nan).sum()),
        (
            "(x.sqrt() - x.sqrt()).sum(), whose NaN is autograd's sum of inf and -inf",
            lambda x: (x.sqrt() - x.sqrt()).sum(),
        ),
    ],
    ids=["finite", "infinite", "NaN in forward alone", "NaN between nodes"],
)
def test_without_a_nan_from_a_node_there_is_no_name(words, f, device):
    x = with_a_zero(device).requires_grad_()

    with unchanged(x):
        name = debugging.first_nan_op(f, x)

    assert name is None, (
        f"yours is {name!r} for {words}, where x has a 0: no node's result holds a NaN, "
        "so None is due (infinity is no NaN)"
    )


@anomaly_warns
@pytest.mark.parametrize(
    ("words", "f", "due", "mistakes"),
    [
        (
            "(2 * x.abs()).sqrt().sum()",
            lambda x: (2 * x.abs()).sqrt().sum(),
            "AbsBackward0",
            {"infinity is taken for NaN": "SqrtBackward0"},
        ),
        (
            "where(h > 0, h.sqrt(), 0).sum() with h = x * x.cos()",
            lambda x: masked_root(x * x.cos()),
            "SqrtBackward0",
            {
                "the last node with a NaN is named, not the first": "CosBackward0",
                "the node that passes the first NaN on is named": "MulBackward0",
            },
        ),
        (
            "where(x > 0, x.sqrt(), 0).sum() + where(x > 0, x.pow(0.5), 0).sum()",
            lambda x: masked_root(x) + torch.where(x > 0, x.pow(0.5), 0).sum(),
            "PowBackward0",
            {
                "nodes are taken in the order of forward: backward runs the latest first": (
                    "SqrtBackward0"
                )
            },
        ),
        (
            "where(x > 0, inf * x.exp(), 0).sum(), inf being a tensor",
            lambda x: torch.where(x > 0, torch.full_like(x, math.inf) * x.exp(), 0).sum(),
            "MulBackward0",
            {"a node is judged by the gradient of its first input alone": "ExpBackward0"},
        ),
        (
            "NanSlope.apply(x).sum(), a Function whose backward gives NaN",
            lambda x: NanSlope.apply(x).sum(),
            "NanSlopeBackward",
            {},
        ),
    ],
    ids=["inf before NaN", "NaN passed on", "two sources", "second input", "a Function"],
)
def test_the_first_node_that_backward_runs_into_nan_is_named(words, f, due, mistakes, device):
    name = debugging.first_nan_op(f, with_a_zero(device))

    check(name, due, what=f"for {words}, where x has a 0", mistakes=mistakes)


@anomaly_warns
@pytest.mark.parametrize("f", [masked_root, torch.sum], ids=["NaN", "clean"])
@pytest.mark.parametrize(
    ("enabled", "check_nan"), [(False, True), (True, True), (True, False)], ids=str
)
def test_anomaly_mode_is_as_before(enabled, check_nan, f, device):
    with torch.autograd.set_detect_anomaly(enabled, check_nan):
        name = debugging.first_nan_op(f, with_a_zero(device))
        after = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()

    state = f"set_detect_anomaly({enabled}, check_nan={check_nan})"
    check(name, "SqrtBackward0" if f is masked_root else None, what=f"called under {state}")
    assert after == (enabled, check_nan), (
        f"before the call, anomaly mode was {state}; after it, it is "
        f"set_detect_anomaly({after[0]}, check_nan={after[1]}): leave it as it was found"
    )


@anomaly_warns
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError, "Function 'SqrtBackward0' returned nan values in its 0th output."),
        (KeyboardInterrupt, "stopped by Ctrl-C"),
    ],
    ids=["torch's words", "Ctrl-C"],
)
def test_an_error_of_f_passes_through_and_anomaly_mode_is_off_again(error, words, device):
    def f(x):
        raise error(words)

    with raises(
        error,
        when="f raises it, whatever it says: let it pass through, only backward is watched",
        naming=[words],
    ):
        debugging.first_nan_op(f, with_a_zero(device))

    assert not torch.is_anomaly_enabled(), (
        "f raised, and anomaly mode is still on: switch it on by a with-block, which ends also "
        "when an error passes through"
    )


@anomaly_warns
def test_another_error_of_backward_is_no_nan(device):
    with raises(
        RuntimeError,
        when="a Function's backward raises it: let it pass through, for it is not about NaN",
        naming=["no row 3"],
    ):
        debugging.first_nan_op(lambda x: FailsInBackward.apply(x).sum(), with_a_zero(device))


@anomaly_warns
@pytest.mark.parametrize("recording", [False, True], ids=["plain x", "x requires grad"])
def test_what_f_uses_beside_its_argument_is_a_constant(recording, device):
    w, x = a_leaf((4, 3), device), with_a_zero(device)
    x.requires_grad_(recording)

    # To f, x under its own name is no argument.
    with unchanged(w, x):
        name = debugging.first_nan_op(lambda t: (w * t).sin().sum() + masked_root(x), x)

    check(
        name,
        None,
        what="f(t) = sin(w t) + g(x), whose gradient at t = x has no NaN, though that of g has one",
        mistakes={
            "f gets x itself, and back-propagates into what else it does with x: "
            "give it a detached copy": "SqrtBackward0"
        },
    )
