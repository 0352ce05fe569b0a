import gradient_check
import pytest
import torch

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    check,
    inside_no_grad,
    sample,
    situation,
    unchanged,
)

from .shared import (
    ROUNDED,
    Square,
    any_layout,
    any_odd_f,
    any_spoilt,
    coming_through,
    failing,
    swallowed,
)

pytestmark = pytest.mark.task("gradient_check")


without_gradcheck = pytest.mark.forbid(
    "torch.autograd.gradcheck", reason="measure, and compare, yourself"
)


@without_gradcheck
def test_gradient_check_gives_f_float64_alone(device):
    x = sample((3,), device=device, dtype=torch.float32)
    seen = []

    gradient_check.gradient_check(lambda x: seen.append(x.dtype) or x.square().sum(), x)

    others = set(seen) - {torch.float64}
    assert not others, (
        f"given x in float32, f is called with {others.pop()}: take both gradients in "
        "float64, because float32 loses a small step, or all that it changes, to rounding"
    )


@any_layout
def test_gradient_check_believes_a_right_gradient_in_any_layout(make, device):
    x, weight = make(device), make(device)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x):
        result = gradient_check.gradient_check(lambda x: (weight * x.sin()).sum().exp(), x)

    assert result is not False, (
        "the right gradient of exp Σ weight · sin x is called wrong: take a step that suits "
        "float64, and the tolerance 1e-6 + 1e-4·|measured|"
    )
    check(result, True, what="exp Σ weight · sin x")


@without_gradcheck
@any_spoilt
def test_gradient_check_sees_through_a_wrong_backward(fault, spoil, device):
    x = sample((3, 1), device=device, gap=0.5)

    result = gradient_check.gradient_check(lambda x: Square.apply(x, spoil).sum(), x)

    check(result, False, what=f"Σx² with a backward of its own, whose gradient {fault}")


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16], ids=str)
def test_gradient_check_believes_a_right_gradient_whatever_the_dtype_of_x(dtype, device):
    x = torch.tensor([1.0, 2.0, 3.0], dtype=dtype, device=device)

    with situation(f"given x in {dtype}"), unchanged(x):
        result = gradient_check.gradient_check(lambda x: ((x - 2) ** 3).sum() / 3, x)

    # At 2 the gradient is 0, and what is measured eps²/3.
    assert result is not False, (
        f"the right gradient of Σ(x - 2)³/3 at [1, 2, 3] in {dtype} is called wrong: turn x into "
        "float64 before f sees it, and choose the step for float64"
    )
    check(result, True, what=f"Σ(x - 2)³/3 at [1, 2, 3] in {dtype}")


def test_gradient_check_sees_through_a_backward_in_float32_that_is_wrong_above_0_alone(device):
    x = sample((3,), device=device, dtype=torch.float32, low=0.5)

    def f(x):
        return Square.apply(x, lambda gradient: gradient + 0.01 * gradient.relu()).sum()

    result = gradient_check.gradient_check(f, x)

    check(
        result,
        False,
        what="Σx² in float32 with a gradient that is too large by a hundredth where x > 0",
    )


@pytest.mark.parametrize(
    ("errors", "agree"),
    [
        ([0.5e-6, 3e-4, 1.5e-6], True),
        ([1.5e-6, 0, 0], False),
        # Within 1e-4 of autograd's gradient, which is the larger one.
        ([0, 6.0103e-4, 0], False),
        ([0, 0, 3e-6], False),
    ],
    ids=["all within", "beyond where measured is 0", "beyond at 6", "beyond at 0.01"],
)
def test_gradient_check_allows_a_millionth_plus_a_ten_thousandth_of_the_measured(
    errors, agree, device
):
    x = torch.tensor([0.0, 3.0, 0.005], dtype=torch.float64, device=device)
    off = x.new_tensor(errors)

    result = gradient_check.gradient_check(
        lambda x: Square.apply(x, lambda gradient: gradient + off).sum(), x
    )

    assert result is agree, (
        f"yours is {result}, {agree} is due: measured are [0, 6, 0.01], 1e-6 + 1e-4·|measured| "
        f"allows errors of [1e-6, 6.01e-4, 2e-6], and autograd's gradient is off by {errors}"
    )


@pytest.mark.parametrize(
    ("way", "cut"),
    [
        ("by detach", lambda x, weight: x.detach().square().sum()),
        ("by a way through Python numbers", lambda x, weight: x.new_tensor(x.tolist()).sum()),
        ("and weights that record are used", lambda x, weight: (weight * x.detach()).sum()),
        ("on one of two paths", lambda x, weight: (x * x.detach()).sum()),
    ],
    ids=["detach", "numbers", "weights", "one path"],
)
def test_gradient_check_says_no_where_the_graph_is_cut(way, cut, device):
    x = sample((3,), device=device, gap=0.5)
    weight = sample((3,), device=device, low=1.0, requires_grad=True)

    with situation(f"where the graph is cut {way}"), unchanged(x, weight):
        result = gradient_check.gradient_check(lambda x: cut(x, weight), x)

    check(result, False, what=f"a function whose graph is cut {way}")


def test_gradient_check_says_no_of_a_cut_graph_also_where_f_is_flat(device):
    x = torch.zeros(2, dtype=torch.float64, device=device)
    weight = sample((), device=device, requires_grad=True)

    result = gradient_check.gradient_check(lambda x: weight * x.detach().square().sum(), x)

    assert result is not True, (
        "at 0 the measured gradient of weight · Σx² is 0, and f cuts the graph with detach, so "
        "that autograd has none: that is not one of zeros, which materialize_grads=True makes of "
        "it; with allow_unused=True it is None"
    )
    check(result, False, what="weight · Σx² at 0, whose graph is cut")


@any_odd_f
def test_gradient_check_takes_any_f(given, f, device):
    x = sample((), device=device, low=0.5)

    with situation(given):
        result = gradient_check.gradient_check(f, x)

    check(result, True, what=given)


def test_gradient_check_works_inside_no_grad_and_leaves_what_records(device):
    x = sample((3,), device=device, requires_grad=True)
    x.grad = sample((3,), device=device)
    weight = sample((3,), device=device, requires_grad=True)

    with inside_no_grad(), unchanged(x, weight):
        result = gradient_check.gradient_check(lambda x: (weight * x.square()).sum(), x)

    assert result is not False, (
        "called inside torch.no_grad(), it calls a right gradient wrong: nothing is recorded "
        "there, so switch recording on in a with-block, torch.enable_grad()"
    )
    check(result, True, what="Σ weight · x², called inside torch.no_grad()")


def failing_forward(x):
    raise ErrorOfF


@pytest.mark.parametrize(
    ("f", "when"),
    [
        (failing_forward, "f"),
        (lambda x: IdentityWithoutBackward.apply(x).sum(), "the backward of f"),
    ],
    ids=["forward", "backward"],
)
def test_gradient_check_lets_an_error_of_f_through_and_recording_stays_off(f, when, device):
    x = sample((3,), device=device)

    with inside_no_grad(), coming_through(ErrorOfF, when):
        gradient_check.gradient_check(f, x)


def test_gradient_check_leaves_x_as_it_was_when_ctrl_c_ends_f(device):
    x = sample((3,), device=device)
    f = failing(lambda x: x.square().sum(), 3, KeyboardInterrupt)

    with inside_no_grad(), unchanged(x), coming_through(KeyboardInterrupt, "f, in call 3,"):
        gradient_check.gradient_check(f, x)


def test_gradient_check_starts_each_step_from_the_numbers_of_x(device):
    x, f, _, words = swallowed(device)

    result = gradient_check.gradient_check(f, x)

    check(result, True, what=f"{words}, whose gradient is right", mistakes={ROUNDED: False})
