"""Measurements are compared with formulas and autograd; checks get right and wrong gradients."""

import math

import gradient_check
import pytest
import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from gradkata.checks import (
    check,
    counted,
    inside_no_grad,
    raises,
    sample,
    situation,
    tracked_copies,
    unchanged,
)

LAYOUTS = {
    "matrix": lambda device: sample((4, 3), device=device),
    "column": lambda device: sample((4, 1), device=device),
    "0-d": lambda device: sample((), device=device),
    "transposed": lambda device: sample((3, 4), device=device).T,
    "strided": lambda device: sample((4, 3), device=device, strided=True),
}
any_layout = pytest.mark.parametrize("make", LAYOUTS.values(), ids=LAYOUTS)

without_autograd = pytest.mark.forbid(
    "torch.autograd.grad",
    "torch.autograd.backward",
    "torch.Tensor.backward",
    "torch.autograd.functional",
    "torch.autograd.forward_ad",
    "torch.autograd.gradcheck",
    "torch.func.grad",
    "torch.func.grad_and_value",
    "torch.func.vjp",
    "torch.func.jvp",
    "torch.func.jacrev",
    "torch.func.jacfwd",
    "torch.func.linearize",
    reason="ask f itself for its values",
)

COPY = (
    "the step is written into a flattened copy, as reshape(-1) gives of an x that is not "
    "contiguous, and f never sees it"
)
ALIAS = (
    "f returns its argument or a view of it, and that tensor is moved on before the result is "
    "read: take the number out first, or give f a fresh tensor each time"
)
LOOKS = "given an f that looks at the values of its argument, with `if`"
OWN_GRADIENT = (
    "given an f that takes a gradient of its own inside torch.enable_grad(), which "
    "torch.inference_mode() overrides"
)


def gradient_by_autograd(f, x):
    """Return torch's own gradient of a scalar function."""
    (leaf,) = tracked_copies(x)
    return torch.autograd.grad(f(leaf), leaf)[0]


class Square(Function):
    """x², whose backward is right but for what `spoil` does to it."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x, spoil):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])
        ctx.spoil = inputs[1]

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return ctx.spoil(2 * x * grad_output), None


def with_first(gradient, value):
    """Put a value in place of the first element."""
    first = torch.arange(gradient.numel(), device=gradient.device).reshape(gradient.shape) == 0
    return gradient.masked_fill(first, value)


SPOILT = {
    "has the wrong sign": torch.neg,
    "is too large by a hundredth": lambda gradient: 1.01 * gradient,
    "is 0 in its first element alone": lambda gradient: with_first(gradient, 0),
    "is NaN": lambda gradient: math.nan * gradient,
}
any_spoilt = pytest.mark.parametrize(("fault", "spoil"), SPOILT.items(), ids=SPOILT)


class CubeKept(Function):
    """x³, right in its gradient; what the gradient of that needs is hidden on ctx."""

    @staticmethod
    def forward(ctx, x):
        ctx.slope = 3 * x * x
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.slope


class SquareOnce(Function):
    """x², whose backward cannot be differentiated again."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 2 * x * grad_output


class CotangentAveraged(Function):
    """x², whose backward is right only if the incoming gradient is the same everywhere."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 2 * x * grad_output.mean()


class BrokenBackward(Function):
    """x², whose backward raises."""

    @staticmethod
    def forward(ctx, x):
        return x * x

    @staticmethod
    def backward(ctx, grad_output):
        raise RuntimeError("planted in backward")


class CubeOfBroken(Function):
    """x³, right in its gradient; the backward of that raises."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 3 * grad_output * BrokenBackward.apply(x)


def either_way(x):
    """Return 2x if the sum of x is positive, else 3x."""
    return 2 * x if x.sum() > 0 else 3 * x


# forward_difference


@pytest.mark.task("forward_difference")
@without_autograd
def test_forward_difference_of_squares_is_2x_plus_eps(device):
    x = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, device=device)

    result = gradient_check.forward_difference(lambda x: x.square().sum(), x, 0.25)

    check(
        result,
        2 * x + 0.25,
        what="Σx² at [1, -2, 3] with eps 0.25",
        mistakes={
            "the difference is central: one of the two points is x itself": 2 * x,
            "the step goes backward, to x - eps": 2 * x - 0.25,
            "the difference is not divided by eps": (2 * x + 0.25) / 4,
            "the difference is divided by 2·eps": (2 * x + 0.25) / 2,
            "all elements are moved at once: move one at a time": torch.full_like(x, 4.75),
            "the steps of earlier elements stay in x: start from x each time": (
                torch.cumsum(2 * x + 0.25, 0)
            ),
        },
    )


@pytest.mark.task("forward_difference")
@any_layout
def test_forward_difference_is_first_order_in_any_layout(make, device):
    x, eps = make(device), 1e-2
    weight = sample(x.shape, device=device)
    expected = weight * (3 * x**2 + 3 * x * eps + eps**2)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.forward_difference(lambda x: (weight * x**3).sum(), x, eps)

    check(
        result,
        expected,
        what="Σ weight · x³ with eps 0.01",
        mistakes={
            "the difference is central": weight * (3 * x**2 + eps**2),
            COPY: torch.zeros_like(x),
        },
    )


@pytest.mark.task("forward_difference")
def test_forward_difference_takes_the_eps_it_is_given(device):
    x, eps = sample((4, 3), device=device), 1e-3
    mixed = sample((4, 3), device=device)
    slope = 2 * x * mixed.sum()
    expected = slope + eps * mixed.sum()

    result = gradient_check.forward_difference(lambda x: x.square().sum() * mixed.sum(), x, eps)

    check(result, expected, what="a multiple of Σx² with eps 0.001", rtol=1e-8, atol=1e-9)


@pytest.mark.task("forward_difference")
def test_forward_difference_takes_a_function_that_returns_its_argument(device):
    x = sample((), device=device)

    result = gradient_check.forward_difference(lambda x: x, x, 1e-3)

    check(
        result,
        torch.ones_like(x),
        what="f(x) = x, returned as it came",
        mistakes={ALIAS: torch.zeros_like(x)},
    )


@pytest.mark.task("forward_difference")
def test_forward_difference_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    result = gradient_check.forward_difference(lambda x: x.square().sum(), x, 0.25)

    check(result, 2 * x + 0.25, what="Σx² in float32 with eps 0.25", rtol=1e-3, atol=1e-3)


@pytest.mark.task("forward_difference")
def test_forward_difference_leaves_an_x_that_records_and_returns_no_graph(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    with situation("given an x and an f that record"), unchanged(x, weight):
        result = gradient_check.forward_difference(lambda x: (weight * x).sum(), x, 1e-3)

    check(result, weight.detach(), what="Σ weight · x")


@pytest.mark.task("forward_difference")
def test_forward_difference_takes_an_f_that_looks_at_values(device):
    x = sample((3,), device=device, low=0.5)

    with situation(LOOKS):
        result = gradient_check.forward_difference(lambda x: either_way(x).sum(), x, 0.25)

    check(result, torch.full_like(x, 2), what="2Σx where Σx > 0, and 3Σx elsewhere")


@pytest.mark.task("forward_difference")
def test_forward_difference_works_inside_no_grad(device):
    x = sample((4, 3), device=device)

    with inside_no_grad(), unchanged(x):
        result = gradient_check.forward_difference(lambda x: x.square().sum(), x, 0.25)

    check(result, 2 * x + 0.25, what="Σx² with eps 0.25, called inside torch.no_grad()")


# central_difference


@pytest.mark.task("central_difference")
@without_autograd
def test_central_difference_of_cubes_is_3x2_plus_eps2(device):
    x = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, device=device)

    result = gradient_check.central_difference(lambda x: (x**3).sum(), x, 0.5)

    check(
        result,
        3 * x**2 + 0.25,
        what="Σx³ at [1, -2, 3] with eps 0.5",
        mistakes={
            "only one step is taken, forward from x": 3 * x**2 + 1.5 * x + 0.25,
            "the two points are x + eps and x - 2·eps: go back to x in between": (
                (x + 0.5) ** 3 - (x - 1) ** 3
            ),
            "the two points are half an eps from x": 3 * x**2 + 0.0625,
            "the difference is divided by eps: its points are 2·eps apart": 6 * x**2 + 0.5,
            "all elements are moved at once: move one at a time": torch.full_like(x, 42.75),
        },
    )


@pytest.mark.task("central_difference")
@any_layout
def test_central_difference_is_second_order_in_any_layout(make, device):
    x, eps = make(device), 1e-2
    weight = sample(x.shape, device=device)
    expected = weight * (3 * x**2 + eps**2)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.central_difference(lambda x: (weight * x**3).sum(), x, eps)

    check(
        result,
        expected,
        what="Σ weight · x³ with eps 0.01",
        mistakes={
            "a step is taken forward from x alone": weight * (3 * x**2 + 3 * x * eps + eps**2),
            COPY: torch.zeros_like(x),
        },
    )


@pytest.mark.task("central_difference")
def test_central_difference_takes_the_eps_it_is_given(device):
    x, eps = sample((4, 3), device=device), 1e-3
    factor = sample((), device=device, low=1.0)

    result = gradient_check.central_difference(lambda x: factor * (x**3).sum(), x, eps)

    expected = factor * (3 * x**2 + eps**2)
    check(result, expected, what="a multiple of Σx³ with eps 0.001", rtol=1e-8, atol=1e-9)


@pytest.mark.task("central_difference")
def test_central_difference_takes_a_function_that_returns_its_argument(device):
    x = sample((), device=device)

    result = gradient_check.central_difference(lambda x: x, x, 1e-3)

    check(
        result,
        torch.ones_like(x),
        what="f(x) = x, returned as it came",
        mistakes={ALIAS: torch.zeros_like(x)},
    )


@pytest.mark.task("central_difference")
def test_central_difference_leaves_each_bit_of_x(device):
    # Adding eps to numbers this small loses digits, which taking it away does not bring back.
    x = sample((4, 3), device=device, low=-1e-5, high=1e-5)

    with unchanged(x):
        gradient_check.central_difference(lambda x: x.sin().sum(), x, 1e-2)


@pytest.mark.task("central_difference")
def test_central_difference_takes_an_f_that_looks_at_values(device):
    x = sample((3,), device=device, low=0.5)

    with situation(LOOKS):
        result = gradient_check.central_difference(lambda x: either_way(x).sum(), x, 0.25)

    check(result, torch.full_like(x, 2), what="2Σx where Σx > 0, and 3Σx elsewhere")


@pytest.mark.task("central_difference")
@pytest.mark.parametrize("last", [1, 2, 3])
def test_central_difference_leaves_x_as_it_was_when_f_raises(last, device):
    x = sample((4, 3), device=device)

    def f(x):
        if f_counted.calls == last:
            raise ValueError("planted in f")
        return x.square().sum()

    f_counted = counted(f)
    with unchanged(x), raises(ValueError, when=f"f raises ValueError in call {last}"):
        gradient_check.central_difference(f_counted, x, 1e-2)


@pytest.mark.task("central_difference")
def test_central_difference_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    result = gradient_check.central_difference(lambda x: x.square().sum(), x, 0.25)

    check(result, 2 * x, what="Σx² in float32 with eps 0.25", rtol=1e-3, atol=1e-3)


@pytest.mark.task("central_difference")
def test_central_difference_leaves_an_x_that_records_and_returns_no_graph(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    with situation("given an x and an f that record"), unchanged(x, weight):
        result = gradient_check.central_difference(lambda x: (weight * x).sum(), x, 1e-3)

    check(result, weight.detach(), what="Σ weight · x")


@pytest.mark.task("central_difference")
def test_central_difference_is_0_where_rounding_swallows_the_step(device):
    x = torch.tensor([1e8], dtype=torch.float32, device=device)

    result = gradient_check.central_difference(lambda x: x.sum(), x, 1e-3)

    check(
        result,
        torch.zeros_like(result),
        what="Σx at 1e8 in float32, where x + eps and x - eps are x, with eps 0.001",
        mistakes={
            "the difference is divided by the step that rounding has left, here 0: the formula "
            "divides by 2·eps": torch.full_like(result, math.nan)
        },
    )


@pytest.mark.task("central_difference")
def test_central_difference_works_inside_no_grad(device):
    x = sample((4, 3), device=device)

    with inside_no_grad(), unchanged(x):
        result = gradient_check.central_difference(lambda x: x.square().sum(), x, 0.25)

    check(result, 2 * x, what="Σx² with eps 0.25, called inside torch.no_grad()")


# best_step

any_dtype = pytest.mark.parametrize(
    "dtype",
    [torch.float64, torch.float32, torch.float16, torch.bfloat16],
    ids=lambda dtype: str(dtype).removeprefix("torch."),
)


@pytest.mark.task("best_step")
@any_dtype
def test_best_step_is_near_the_cube_root_of_machine_epsilon(dtype, device):
    step = gradient_check.best_step(dtype)

    epsilon = torch.finfo(dtype).eps
    assert isinstance(step, float), f"for {dtype} yours is a {type(step).__name__}, not a float"
    assert step <= 3 * epsilon ** (1 / 3), (
        f"for {dtype} yours is {step:.2g}, too large: machine epsilon is {epsilon:.2g}, and the "
        "term in the order of step² that the formula leaves out outweighs rounding"
    )
    assert step >= epsilon ** (1 / 3) / 3, (
        f"for {dtype} yours is {step:.2g}, too small: machine epsilon is {epsilon:.2g}, and "
        "rounding, in the order of epsilon / step, outweighs the step² that the formula leaves out"
    )


def error_of_central_differences(step, points):
    """Return the root mean square error for exp and sin, computed in the dtype of the points."""
    exact = points.double()
    errors = [
        (f(points + step) - f(points - step)).div(2 * step).double() - slope(exact)
        for f, slope in ((torch.exp, torch.exp), (torch.sin, torch.cos))
    ]
    return torch.stack(errors).square().mean().sqrt().item()


@pytest.mark.task("best_step")
@any_dtype
def test_best_step_is_about_as_accurate_as_the_best_of_many(dtype, device):
    points = sample((300,), device=device, low=-1.5, high=1.5).to(dtype)
    sweep = [10 ** (-k / 2) for k in range(20)]

    yours = error_of_central_differences(gradient_check.best_step(dtype), points)

    best = min(sweep, key=lambda step: error_of_central_differences(step, points))
    least = error_of_central_differences(best, points)
    assert yours <= 10 * least, (
        f"in {dtype} a central difference of exp and sin with your step is off by {yours:.2g}, the "
        f"root mean square over 300 points; with a step of {best:.2g} it is off by {least:.2g}"
    )


# compare_gradients


def compared(got, want, *, rtol=0.0, atol=0.0):
    """Return the learner's Comparison, and demand that its fields are what they should be."""
    result = gradient_check.compare_gradients(got, want, rtol=rtol, atol=atol)
    assert isinstance(result, gradient_check.Comparison), (
        f"yours is of {type(result).__name__}: return a Comparison"
    )
    assert isinstance(result.ok, bool), f"ok is {result.ok!r}: a Python bool is due"
    return result


def vector(*values, device):
    return torch.tensor(values, dtype=torch.float64, device=device)


@pytest.mark.task("compare_gradients")
def test_compare_gradients_finds_the_one_element_that_is_wrong(device):
    want = sample((4, 3), device=device)
    got = want.clone()
    got[2, 1] -= 0.25

    result = compared(got, want, rtol=1e-6, atol=1e-6)

    what = "got is want but for 0.25 less at [2, 1]"
    check(result.ok, False, what=f"ok, where {what}")
    check(result.worst_index, (2, 1), what=f"worst_index, where {what}")
    check(
        result.error,
        0.25,
        what=f"error, where {what}",
        mistakes={
            "the error is averaged over all elements: it is that of the worst one": 0.25 / 12,
            "the sign of got - want is kept: its size counts": -0.25,
            "the tolerance is taken off the error": 0.25 - 1e-6 - 1e-6 * want[2, 1].abs().item(),
        },
    )


@pytest.mark.task("compare_gradients")
def test_compare_gradients_measures_each_error_against_its_own_tolerance(device):
    got, want = vector(100.5, 1.25, 7.0, device=device), vector(100.0, 1.0, 7.0, device=device)

    result = compared(got, want, rtol=0.01)

    what = "got is [100.5, 1.25, 7], want [100, 1, 7] and rtol 0.01"
    check(result.ok, False, what=f"ok, where {what}")
    check(
        result.worst_index,
        (1,),
        what=f"worst_index, where {what}",
        mistakes={
            "the largest |got - want| is taken: 0.5 beside 100 is within the tolerance, and the "
            "largest excess over it is meant": (0,)
        },
    )
    check(result.error, 0.25, what=f"error, where {what}")


@pytest.mark.task("compare_gradients")
@pytest.mark.parametrize(
    ("got", "want", "rtol", "atol", "ok"),
    [
        pytest.param(2.0, 1.0, 0.6, 0.0, False, id="rtol of got"),
        pytest.param(1.0, 2.0, 0.6, 0.0, True, id="rtol of want"),
        pytest.param(-10.25, -10.0, 0.5, 0.0, True, id="negative want"),
        pytest.param(0.0, 5.0, 0.0, 1.0, False, id="got below want"),
        pytest.param(1.5, 1.0, 0.25, 0.25, True, id="both add up"),
        pytest.param(1.75, 1.0, 0.25, 0.25, False, id="beyond both"),
    ],
)
def test_compare_gradients_allows_atol_plus_rtol_times_the_size_of_want(
    got, want, rtol, atol, ok, device
):
    result = compared(vector(got, device=device), vector(want, device=device), rtol=rtol, atol=atol)

    error, allowed = abs(got - want), atol + rtol * abs(want)
    assert result.ok == ok, (
        f"ok is {result.ok} where got is {got:g}, want {want:g}, rtol {rtol:g} and atol {atol:g}: "
        f"|got - want| is {error:g}, atol + rtol·|want| is {allowed:g}"
    )
    check(result.worst_index, (0,), what="worst_index of a vector of one element")
    check(result.error, error, what=f"error, where got is {got:g} and want {want:g}")


@pytest.mark.task("compare_gradients")
def test_compare_gradients_says_which_is_worst_also_when_all_agree(device):
    got, want = vector(1.0, 1.0, 2.0, device=device), vector(1.0, 1.25, 2.0, device=device)

    result = compared(got, want, atol=0.5)

    what = "got is [1, 1, 2], want [1, 1.25, 2] and atol 0.5"
    check(result.ok, True, what=f"ok, where {what}")
    check(result.worst_index, (1,), what=f"worst_index, where {what}")
    check(result.error, 0.25, what=f"error, where {what}")


@pytest.mark.task("compare_gradients")
@pytest.mark.parametrize(
    ("of_got", "of_want"),
    [((4, 1), (4, 3)), ((4, 3), (4, 1)), ((), (1,)), ((2, 3), (3, 2)), ((0,), (0, 3))],
    ids=str,
)
def test_compare_gradients_does_not_broadcast(of_got, of_want, device):
    with situation(f"given shapes {of_got} and {of_want}"):
        result = compared(torch.ones(of_got, device=device), torch.ones(of_want, device=device))

    what = f"of shapes {of_got} and {of_want}"
    assert not result.ok, (
        f"ok is True {what}: gradients of two shapes never agree, whether or not one of them "
        "broadcasts to the other; compare the shapes first"
    )
    check(result.worst_index, None, what=f"worst_index {what}")
    check(result.error, math.inf, what=f"error {what}")


@pytest.mark.task("compare_gradients")
def test_compare_gradients_agree_where_there_is_nothing_to_compare(device):
    with situation("given two tensors of shape (0, 3)"):
        result = compared(torch.ones(0, 3, device=device), torch.ones(0, 3, device=device))

    fields = (result.ok, result.worst_index, result.error)
    check(fields, (True, None, 0.0), what="(ok, worst_index, error) of two of shape (0, 3)")


@pytest.mark.task("compare_gradients")
def test_compare_gradients_takes_0_d_float32_tensors_that_record(device):
    got, want = (torch.tensor(v, device=device, requires_grad=True) for v in (1.5, 1.25))

    with situation("given two 0-d float32 tensors that require grad"), unchanged(got, want):
        result = compared(got, want, rtol=1e-3, atol=0.125)

    check(
        (result.ok, result.worst_index, result.error),
        (False, (), 0.25),
        what="(ok, worst_index, error) of the 0-d 1.5 and 1.25",
    )


INF, NAN = math.inf, math.nan


@pytest.mark.task("compare_gradients")
@pytest.mark.parametrize(
    ("got", "want", "rtol", "ok", "worst", "error"),
    [
        pytest.param([INF, 1.0], [INF, 1.5], 0.1, False, 1, 0.5, id="inf that both have"),
        pytest.param([-INF, 1.0], [-INF, 1.5], 0.0, False, 1, 0.5, id="-inf and no rtol"),
        pytest.param([INF, 1.0], [INF, 1.5], 0.5, True, 1, 0.5, id="inf and a number that agrees"),
        pytest.param([9.0, INF], [5.0, -INF], 0.1, False, 1, INF, id="inf of both signs"),
        pytest.param([9.0, 1.0], [5.0, INF], 0.1, False, 1, INF, id="inf wanted"),
        pytest.param([9.0, INF], [5.0, 1.0], 0.1, False, 1, INF, id="inf got"),
        pytest.param([9.0, NAN], [5.0, 1.0], 0.1, False, 1, NAN, id="nan got"),
        pytest.param([9.0, NAN], [5.0, NAN], 0.1, False, 1, NAN, id="nan that both have"),
        pytest.param([INF, 1.0], [5.0, NAN], 0.1, False, 1, NAN, id="nan is worse than inf"),
        pytest.param([1.0, NAN], [INF, 5.0], 0.1, False, 1, NAN, id="nan beside inf wanted"),
    ],
)
def test_compare_gradients_treats_infinities_and_nan_as_assert_close_does(
    got, want, rtol, ok, worst, error, device
):
    result = compared(vector(*got, device=device), vector(*want, device=device), rtol=rtol)

    what = f"where got is {got}, want {want} and rtol {rtol:g}"
    check(result.ok, ok, what=f"ok, {what}")
    check(
        result.error,
        error,
        what=f"error, {what}",
        mistakes={
            "inf - inf, which is NaN, is taken for a difference": (
                NAN if got[0] == want[0] else error
            ),
            "NaN is taken for equal to NaN: it agrees with nothing": (
                0.0 if math.isnan(got[1]) else error
            ),
        },
    )
    check(result.worst_index, (worst,), what=f"worst_index, {what}")


def drawn_pairs(device):
    """Return 200 pairs of which about half agree; a tenth hold NaN, inf or have another shape."""
    noise = [10.0 ** (k % 5 - 5) for k in range(200)]
    scale = torch.tensor(noise, dtype=torch.float64, device=device)[:, None, None]
    together = sample((200, 2, 3), device=device)
    gots = list(together + scale * sample((200, 2, 3), device=device))
    wants = list(together)
    for k, odd in ((0, NAN), (50, INF), (100, -INF)):
        for got, want in zip(gots[k : k + 50 : 10], wants[k : k + 50 : 10], strict=True):
            got[1, 2] = odd
            want[1, 2] = odd
    gots[150::10] = [got[:1] for got in gots[150::10]]
    return list(zip(gots, wants, strict=True))


@pytest.mark.task("compare_gradients")
def test_compare_gradients_says_what_torch_says_of_200_pairs(device):
    pairs = drawn_pairs(device)
    # What torch.testing.assert_close asks too, after the shapes.
    torchs = [
        got.shape == want.shape and torch.allclose(got, want, rtol=1e-3, atol=1e-4)
        for got, want in pairs
    ]

    yours = [compared(got, want, rtol=1e-3, atol=1e-4).ok for got, want in pairs]

    wrong = [k for k in range(200) if yours[k] != torchs[k]]
    assert not wrong, (
        f"in {len(wrong)} of 200 pairs ok is not what torch.testing.assert_close says; the first "
        f"has ok {yours[wrong[0]]}, with rtol 1e-3, atol 1e-4, and\n"
        f"  got   {pairs[wrong[0]][0].flatten().tolist()}\n"
        f"  want  {pairs[wrong[0]][1].flatten().tolist()}"
    )


# numerical_vjp


def curved(x, size):
    """Return a function from the shape of x to `size` values, each depending on all of x."""
    matrix = sample((size, x.numel()), device=x.device)
    return lambda x: (matrix @ x.reshape(-1)).sin()


def vjp_by_autograd(f, x, v):
    (leaf,) = tracked_copies(x)
    return torch.autograd.grad(f(leaf), leaf, v)[0]


def slope_of_cubes(x):
    """Return 3x², as the gradient of Σx³."""
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad((leaf**3).sum(), leaf)[0]


@pytest.mark.task("numerical_vjp")
@without_autograd
def test_numerical_vjp_weighs_the_rows_of_the_jacobian(device):
    matrix, v = sample((3, 3), device=device), sample((3,), device=device)
    x = sample((3,), device=device)

    result = gradient_check.numerical_vjp(lambda x: matrix @ x, x, v, 0.5)

    check(
        result,
        v @ matrix,
        what="vᵀJ of matrix @ x, whose J is the matrix",
        mistakes={
            "v is ignored: that is the gradient of the sum": matrix.sum(0),
            "J is multiplied with v from the right: that is Jv": matrix @ v,
            "the difference is divided by eps: its points are 2·eps apart": 2 * v @ matrix,
        },
    )


@pytest.mark.task("numerical_vjp")
def test_numerical_vjp_is_central(device):
    x, v = sample((3,), device=device), sample((3,), device=device)

    result = gradient_check.numerical_vjp(lambda x: x**3, x, v, 1e-2)

    check(
        result,
        v * (3 * x**2 + 1e-4),
        what="vᵀJ of x³ with eps 0.01",
        mistakes={
            "a step is taken forward from x alone": v * (3 * x**2 + 0.03 * x + 1e-4),
            "v is ignored: that is the gradient of the sum": 3 * x**2 + 1e-4,
        },
    )


@pytest.mark.task("numerical_vjp")
@any_layout
def test_numerical_vjp_is_that_of_autograd_in_any_layout(make, device):
    x = make(device)
    f, v = curved(x, 5), sample((5,), device=device)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.numerical_vjp(f, x, v, 1e-5)

    check(
        result,
        vjp_by_autograd(f, x, v),
        what="vᵀJ of sin(matrix @ x)",
        mistakes={
            "v is ignored: that is the gradient of the sum": lambda: vjp_by_autograd(
                f, x, torch.ones_like(v)
            ),
            COPY: torch.zeros_like(x),
        },
        rtol=1e-6,
        atol=1e-8,
    )


@pytest.mark.task("numerical_vjp")
@pytest.mark.parametrize("shape", [(), (2, 1, 3)], ids=str)
def test_numerical_vjp_takes_results_of_any_shape(shape, device):
    x, v = sample((4,), device=device), sample(shape, device=device)
    flat = curved(x, v.numel())

    with situation(f"given an f whose result has shape {shape}"):
        result = gradient_check.numerical_vjp(lambda x: flat(x).reshape(shape), x, v, 1e-5)

    expected = vjp_by_autograd(flat, x, v.reshape(-1))
    check(result, expected, what=f"vᵀJ for f(x) of shape {shape}", rtol=1e-6, atol=1e-8)


@pytest.mark.task("numerical_vjp")
def test_numerical_vjp_takes_a_function_that_returns_a_view(device):
    x, v = sample((4, 3), device=device), sample((3, 4), device=device)

    result = gradient_check.numerical_vjp(lambda x: x.T, x, v, 1e-3)

    check(result, v.T, what="vᵀJ of f(x) = x.T", mistakes={ALIAS: torch.zeros_like(x)})


@pytest.mark.task("numerical_vjp")
def test_numerical_vjp_keeps_float32(device):
    x, v = (sample((4, 3), device=device, dtype=torch.float32) for _ in range(2))

    result = gradient_check.numerical_vjp(torch.square, x, v, 0.25)

    check(result, 2 * v * x, what="vᵀJ of x² in float32", rtol=1e-3, atol=1e-3)


@pytest.mark.task("numerical_vjp")
def test_numerical_vjp_leaves_what_records_and_returns_no_graph(device):
    x, v, weight = (sample((4, 3), device=device, requires_grad=True) for _ in range(3))

    with situation("given x, v and an f that record"), unchanged(x, v, weight):
        result = gradient_check.numerical_vjp(lambda x: weight * x, x, v, 1e-3)

    check(result, (v * weight).detach(), what="vᵀJ of weight · x")


@pytest.mark.task("numerical_vjp")
def test_numerical_vjp_takes_an_f_that_looks_at_values(device):
    x, v = sample((3,), device=device, low=0.5), sample((3,), device=device)

    with situation(LOOKS):
        result = gradient_check.numerical_vjp(either_way, x, v, 0.25)

    check(result, 2 * v, what="vᵀJ of 2x where Σx > 0, and of 3x elsewhere")


@pytest.mark.task("numerical_vjp")
def test_numerical_vjp_takes_an_f_that_is_a_gradient_itself(device):
    x, v = sample((3,), device=device), sample((3,), device=device)

    with situation(OWN_GRADIENT):
        result = gradient_check.numerical_vjp(slope_of_cubes, x, v, 0.25)

    check(result, 6 * v * x, what="vᵀJ of 3x², the gradient of Σx³")


@pytest.mark.task("numerical_vjp")
def test_numerical_vjp_works_inside_no_grad(device):
    x, v = sample((4, 3), device=device), sample((4, 3), device=device)

    with inside_no_grad(), unchanged(x, v):
        result = gradient_check.numerical_vjp(torch.square, x, v, 0.25)

    check(result, 2 * v * x, what="vᵀJ of x², called inside torch.no_grad()")


# numerical_jacobian


def jacobian_by_autograd(f, x):
    return torch.autograd.functional.jacobian(f, x)


@pytest.mark.task("numerical_jacobian")
@without_autograd
@pytest.mark.parametrize("rows", [3, 2], ids=["square", "wide"])
def test_numerical_jacobian_of_a_linear_map_is_its_matrix(rows, device):
    matrix, x = sample((rows, 3), device=device), sample((3,), device=device)

    result = gradient_check.numerical_jacobian(lambda x: matrix @ x, x, 0.5)

    check(
        result,
        matrix,
        what="the Jacobian of matrix @ x",
        mistakes={
            "the differences are divided by eps: their points are 2·eps apart": 2 * matrix,
            "all elements are moved at once: move one at a time": (
                matrix.sum(1, keepdim=True).expand(rows, 3)
            ),
        },
    )


@pytest.mark.task("numerical_jacobian")
def test_numerical_jacobian_is_central(device):
    x = sample((3,), device=device)

    result = gradient_check.numerical_jacobian(lambda x: x**3, x, 1e-2)

    check(
        result,
        torch.diag(3 * x**2 + 1e-4),
        what="the Jacobian of x³ with eps 0.01",
        mistakes={
            "a step is taken forward from x alone": torch.diag(3 * x**2 + 0.03 * x + 1e-4),
        },
    )


@pytest.mark.task("numerical_jacobian")
@any_layout
def test_numerical_jacobian_is_that_of_autograd_in_any_layout(make, device):
    x = make(device)
    f = curved(x, 5)

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.numerical_jacobian(f, x, 1e-5)

    check(
        result,
        jacobian_by_autograd(f, x),
        what="the Jacobian of sin(matrix @ x)",
        mistakes={COPY: torch.zeros(5, *x.shape, dtype=x.dtype)},
        rtol=1e-6,
        atol=1e-8,
    )


@pytest.mark.task("numerical_jacobian")
@pytest.mark.parametrize("shape", [(), (2, 1, 3), (3, 2)], ids=str)
def test_numerical_jacobian_has_the_indices_of_the_result_first(shape, device):
    x = sample((3, 2), device=device)
    flat = curved(x, math.prod(shape))
    expected = jacobian_by_autograd(lambda x: flat(x).reshape(shape), x)

    with situation(f"given an f whose result has shape {shape}"):
        result = gradient_check.numerical_jacobian(lambda x: flat(x).reshape(shape), x, 1e-5)

    last = range(len(shape), len(shape) + 2)
    check(
        result,
        expected,
        what=f"the Jacobian for f(x) of shape {shape} and x of shape (3, 2)",
        mistakes={
            "the indices of x come first: those of f(x) do": expected.permute(
                *last, *range(len(shape))
            )
        },
        rtol=1e-6,
        atol=1e-8,
    )


@pytest.mark.task("numerical_jacobian")
def test_numerical_jacobian_takes_a_function_that_returns_a_view(device):
    x = sample((3,), device=device)

    result = gradient_check.numerical_jacobian(lambda x: x[1:], x, 1e-3)

    expected = torch.eye(3, dtype=x.dtype, device=device)[1:]
    check(
        result,
        expected,
        what="the Jacobian of f(x) = x[1:]",
        mistakes={ALIAS: torch.zeros_like(expected)},
    )


@pytest.mark.task("numerical_jacobian")
def test_numerical_jacobian_keeps_float32(device):
    x = sample((3,), device=device, dtype=torch.float32)

    result = gradient_check.numerical_jacobian(torch.square, x, 0.25)

    expected = torch.diag(2 * x)
    check(result, expected, what="the Jacobian of x² in float32", rtol=1e-3, atol=1e-3)


@pytest.mark.task("numerical_jacobian")
def test_numerical_jacobian_leaves_what_records_and_returns_no_graph(device):
    x, weight = (sample((3,), device=device, requires_grad=True) for _ in range(2))

    with situation("given an x and an f that record"), unchanged(x, weight):
        result = gradient_check.numerical_jacobian(lambda x: weight * x, x, 1e-3)

    check(result, torch.diag(weight.detach()), what="the Jacobian of weight · x")


@pytest.mark.task("numerical_jacobian")
def test_numerical_jacobian_takes_an_f_that_looks_at_values(device):
    x = sample((3,), device=device, low=0.5)

    with situation(LOOKS):
        result = gradient_check.numerical_jacobian(either_way, x, 0.25)

    expected = 2 * torch.eye(3, dtype=x.dtype, device=device)
    check(result, expected, what="the Jacobian of 2x where Σx > 0, and of 3x elsewhere")


@pytest.mark.task("numerical_jacobian")
def test_numerical_jacobian_works_inside_no_grad(device):
    x = sample((3,), device=device)

    with inside_no_grad(), unchanged(x):
        result = gradient_check.numerical_jacobian(torch.square, x, 0.25)

    check(result, torch.diag(2 * x), what="the Jacobian of x², called inside torch.no_grad()")


# gradient_check

without_gradcheck = pytest.mark.forbid(
    "torch.autograd.gradcheck", reason="measure, and compare, yourself"
)


@pytest.mark.task("gradient_check")
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


@pytest.mark.task("gradient_check")
@any_layout
def test_gradient_check_believes_a_right_gradient_in_any_layout(make, device):
    x = make(device)
    weight = sample(x.shape, device=device)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x):
        result = gradient_check.gradient_check(lambda x: (weight * x.sin()).sum().exp(), x)

    assert result is not False, (
        "the right gradient of exp Σ weight · sin x is called wrong: take a step that suits "
        "float64, and the tolerance 1e-6 + 1e-4·|measured|"
    )
    check(result, True, what="exp Σ weight · sin x")


@pytest.mark.task("gradient_check")
@without_gradcheck
@any_spoilt
def test_gradient_check_sees_through_a_wrong_backward(fault, spoil, device):
    x = sample((3, 1), device=device, gap=0.5)

    result = gradient_check.gradient_check(lambda x: Square.apply(x, spoil).sum(), x)

    check(result, False, what=f"Σx² with a backward of its own, whose gradient {fault}")


@pytest.mark.task("gradient_check")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16], ids=str)
def test_gradient_check_believes_a_right_gradient_whatever_the_dtype_of_x(dtype, device):
    x = torch.tensor([1.0, 2.0, 3.0], dtype=dtype, device=device)

    with situation(f"given x in {dtype}"), unchanged(x):
        result = gradient_check.gradient_check(lambda x: x.square().sum(), x)

    assert result is not False, (
        f"the right gradient of Σx² at [1, 2, 3] in {dtype} is called wrong: turn x into float64 "
        "before f sees it, and choose the step for float64"
    )
    check(result, True, what=f"Σx² at [1, 2, 3] in {dtype}")


@pytest.mark.task("gradient_check")
def test_gradient_check_sees_through_a_wrong_backward_in_float32(device):
    x = sample((3,), device=device, dtype=torch.float32, gap=0.5)

    def f(x):
        return Square.apply(x, lambda gradient: 1.01 * gradient).sum()

    result = gradient_check.gradient_check(f, x)

    check(result, False, what="Σx² in float32 with a gradient that is too large by a hundredth")


@pytest.mark.task("gradient_check")
@pytest.mark.parametrize("scale", [1e-3, 1e3], ids=["small", "large"])
def test_gradient_check_suits_its_tolerance_to_the_size_of_the_gradient(scale, device):
    x = sample((3,), device=device, gap=0.5)

    def wrong(x):
        return scale * Square.apply(x, lambda gradient: 1.02 * gradient).sum()

    right = gradient_check.gradient_check(lambda x: scale * x.exp().sum(), x)

    check(right, True, what=f"{scale:g} · Σ exp x, whose gradient by autograd is right")
    spotted = gradient_check.gradient_check(wrong, x)
    check(spotted, False, what=f"{scale:g} · Σx² with a gradient too large by two hundredths")


@pytest.mark.task("gradient_check")
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


@pytest.mark.task("gradient_check")
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


@pytest.mark.task("gradient_check")
@pytest.mark.parametrize("error", [ValueError, RuntimeError])
def test_gradient_check_lets_an_error_of_f_through(error, device):
    def f(x):
        raise error("planted in f")

    name = error.__name__
    with raises(error, when=f"f raises {name}", naming=["planted in f"], advice="let it through"):
        gradient_check.gradient_check(f, sample((3,), device=device))


@pytest.mark.task("gradient_check")
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


# directional_check


def generator_on(device, seed=7):
    return torch.Generator(device=device).manual_seed(seed)


@pytest.mark.task("directional_check")
@any_layout
def test_directional_check_believes_a_right_gradient_in_any_layout(make, device):
    x = make(device)
    weight = sample(x.shape, device=device)

    with situation(f"given x of shape {tuple(x.shape)}"), unchanged(x):
        result = gradient_check.directional_check(
            lambda x: (weight * x.sin()).sum(), x, generator=generator_on(device)
        )

    check(result, True, what="Σ weight · sin x, whose gradient by autograd is right")


@pytest.mark.task("directional_check")
@any_spoilt
def test_directional_check_sees_through_a_wrong_backward(fault, spoil, device):
    x = sample((4, 3), device=device, gap=0.5)

    result = gradient_check.directional_check(
        lambda x: Square.apply(x, spoil).sum(), x, generator=generator_on(device)
    )

    check(result, False, what=f"Σx² with a backward of its own, whose gradient {fault}")


@pytest.mark.task("directional_check")
def test_directional_check_calls_f_three_times_and_backward_once_whatever_the_size(device):
    x = sample((2000,), device=device)
    backward = counted(lambda gradient: gradient)
    f = counted(lambda x: Square.apply(x, backward).sum())

    result = gradient_check.directional_check(f, x, generator=generator_on(device))

    assert f.calls <= 3, (
        f"f is called {f.calls} times for 2000 elements, where three do: once for autograd, and "
        "once on each side of x along one direction"
    )
    assert backward.calls <= 1, f"backward runs {backward.calls} times, where once is enough"
    check(result, True, what="Σx² of 2000 elements")


def moves(f, x, seed):
    """Return the steps that directional_check takes away from x."""
    points = []

    def watched(at):
        points.append(at.detach().clone())
        return f(at)

    generator = generator_on(x.device, seed)
    gradient_check.directional_check(watched, x, generator=generator)
    steps = [at - x for at in points]
    return [step for step in steps if step.any()]


@pytest.mark.task("directional_check")
def test_directional_check_steps_to_both_sides_along_a_direction_of_length_1(device):
    x = sample((4, 3), device=device)

    first, second = (moves(lambda x: x.square().sum(), x, seed) for seed in (1, 2))

    assert len(first) == 2, (
        f"f is asked at {len(first)} point{'s' * (len(first) != 1)} beside x: a central difference "
        "asks at two, one on each side"
    )
    there, back = first
    check(-back, there, what="the two steps are opposite", rtol=1e-4, atol=1e-12)
    ratio = (second[0].norm() / there.norm()).item()
    assert abs(ratio - 1) < 1e-4, (
        f"with another generator the step is {ratio:.3g} times as long: divide the direction by "
        "its length"
    )


@pytest.mark.task("directional_check")
def test_directional_check_draws_its_direction_from_the_generator(device):
    x = sample((4, 3), device=device)

    one, same, other = (moves(lambda x: x.square().sum(), x, seed)[0] for seed in (1, 1, 2))

    assert torch.allclose(one, same, rtol=1e-4, atol=0), (
        "two generators with the same seed give two directions: draw from nothing but `generator`"
    )
    assert not torch.allclose(one.abs(), other.abs(), rtol=1e-2), (
        "generators with other seeds give the same direction: draw it from `generator`, with "
        "torch.randn(…, generator=generator)"
    )


@pytest.mark.task("directional_check")
def test_directional_check_does_not_ask_for_equality_where_the_gradient_is_0(device):
    x = sample((4, 3), device=device)
    away = x.clone()

    result = gradient_check.directional_check(
        lambda x: ((x - away) ** 3).sum(), x, generator=generator_on(device)
    )

    assert result is not False, (
        "the gradient of Σ(x - c)³ at c is 0, and the difference 1e-11 or so: a tolerance relative "
        "to ‖g‖ alone is 0 here; max(1, ‖g‖) is meant"
    )
    check(result, True, what="Σ(x - c)³ at c, where the gradient is 0")


@pytest.mark.task("directional_check")
def test_directional_check_is_relative_where_the_gradient_is_large(device):
    x = sample((4, 3), device=device)

    result = gradient_check.directional_check(
        lambda x: 1e7 * x.exp().sum(), x, generator=generator_on(device)
    )

    assert result is not False, (
        "the gradient of 1e7 · Σ exp x is right, and large: an absolute tolerance asks for "
        "more digits than float64 has; rtol · max(1, ‖g‖) is meant"
    )
    check(result, True, what="1e7 · Σ exp x")


@pytest.mark.task("directional_check")
def test_directional_check_takes_one_central_difference(device):
    x = sample((4, 3), device=device)
    away = x.clone()

    result = gradient_check.directional_check(
        lambda x: 1e4 * (x - away).square().sum(), x, generator=generator_on(device)
    )

    assert result is not False, (
        "the gradient of 1e4 · Σ(x - c)² at c is 0 and is called wrong: a forward difference is "
        "off by half the step times the curvature, a central one is exact here"
    )
    check(result, True, what="1e4 · Σ(x - c)² at c")


@pytest.mark.task("directional_check")
def test_directional_check_takes_the_rtol_it_is_given(device):
    x = sample((4, 3), device=device, gap=0.5)

    def slightly_wrong(x):
        return Square.apply(x, lambda gradient: 1.001 * gradient).sum()

    strict = gradient_check.directional_check(
        slightly_wrong, x, generator=generator_on(device), rtol=1e-7
    )
    loose = gradient_check.directional_check(
        slightly_wrong, x, generator=generator_on(device), rtol=0.01
    )

    check(strict, False, what="a gradient too large by a thousandth, with rtol 1e-7")
    check(loose, True, what="a gradient too large by a thousandth, with rtol 0.01")


@pytest.mark.task("directional_check")
def test_directional_check_refuses_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    with raises(TypeError, when="x is float32", advice="look at x.dtype first"):
        gradient_check.directional_check(
            lambda x: x.square().sum(), x, generator=generator_on(device)
        )


@pytest.mark.task("directional_check")
def test_directional_check_works_inside_no_grad_and_leaves_what_records(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    with inside_no_grad(), unchanged(x, weight):
        result = gradient_check.directional_check(
            lambda x: (weight * x.square()).sum(), x, generator=generator_on(device)
        )

    check(result, True, what="Σ weight · x², called inside torch.no_grad()")


@pytest.mark.task("directional_check")
def test_directional_check_never_passes_an_infinite_gradient(device):
    x = sample((4, 3), device=device, gap=0.5)

    def f(x):
        return Square.apply(x, lambda gradient: with_first(gradient, math.inf)).sum()

    result = gradient_check.directional_check(f, x, generator=generator_on(device))

    assert result is not True, (
        "a gradient with an infinite element passes: ‖g‖ is infinite there, and so is the "
        "tolerance; look first whether g is finite"
    )
    check(result, False, what="Σx² with a gradient whose first element is infinite")


# check_function


@pytest.mark.task("check_function")
def test_check_function_believes_a_right_function(device):
    x, y = sample((2, 1), device=device), sample((2, 3), device=device)

    with unchanged(x, y):
        result = gradient_check.check_function(lambda x, y: (x * y, y.exp()), x, y)

    check(result, True, what="(x · y, exp y), whose gradients are right")


@pytest.mark.task("check_function")
@any_spoilt
def test_check_function_says_false_of_a_wrong_backward(fault, spoil, device):
    x = sample((2,), device=device, gap=0.5)

    with situation(f"given an fn whose gradient {fault}"):
        result = gradient_check.check_function(lambda x: Square.apply(x, spoil), x)

    check(result, False, what=f"x² with a backward of its own, whose gradient {fault}")


@pytest.mark.task("check_function")
def test_check_function_tries_incoming_gradients_that_are_not_constant(device):
    x = sample((3,), device=device, gap=0.5)

    result = gradient_check.check_function(CotangentAveraged.apply, x)

    assert result is not True, (
        "a backward that takes the mean of grad_output is not seen: with a sum over the results "
        "all of grad_output is 1, so give gradcheck fn itself"
    )
    check(result, False, what="x² with a backward that takes the mean of grad_output")


@pytest.mark.task("check_function")
@pytest.mark.filterwarnings("ignore:Input #:UserWarning")
def test_check_function_takes_float32(device):
    x = sample((3,), device=device, dtype=torch.float32)

    with situation("given float32"), unchanged(x):
        result = gradient_check.check_function(torch.sin, x)

    assert result is not False, (
        "sin, whose gradient is right, is called wrong for a float32 input: gradcheck's steps are "
        "too small for float32; give it float64 copies"
    )
    check(result, True, what="sin of a float32 tensor")


@pytest.mark.task("check_function")
def test_check_function_looks_at_every_floating_input(device):
    x, y = sample((2,), device=device), sample((2,), device=device, gap=0.5)

    def f(x, y):
        return x * Square.apply(y, torch.neg)

    with situation("where the second of two inputs has a wrong gradient"):
        result = gradient_check.check_function(f, x.requires_grad_(), y)

    assert result is not True, (
        "a wrong gradient for y is not seen, where x requires grad and y does not: "
        "let every floating copy require grad"
    )
    check(result, False, what="x · y², whose gradient for y has the wrong sign")


@pytest.mark.task("check_function")
def test_check_function_passes_on_what_is_not_floating(device):
    x, index = sample((3,), device=device), torch.tensor([2, 0], device=device)
    seen = []

    def f(x, index, power, mode, nothing):
        seen.append((index.dtype, index.requires_grad, power, mode, nothing))
        return x[index] ** power

    with situation("given an integer tensor, an int, a string and None beside x"):
        result = gradient_check.check_function(f, x, index, 2, "mode", None)

    check(
        seen[0],
        (torch.int64, False, 2, "mode", None),
        what="the integer tensor's dtype and requires_grad, the int, the string and None, as fn "
        "gets them",
    )
    check(result, True, what="x[index]²")


@pytest.mark.task("check_function")
@pytest.mark.filterwarnings("ignore:Input #:UserWarning")
def test_check_function_takes_an_expanded_input(device):
    x = sample((2, 1), device=device).expand(2, 3)

    with situation("given an input that was expanded, whose elements share memory"):
        result = gradient_check.check_function(torch.sin, x)

    check(result, True, what="sin of an expanded tensor")


@pytest.mark.task("check_function")
def test_check_function_takes_the_same_tensor_twice(device):
    x = sample((3,), device=device, gap=0.5)

    result = gradient_check.check_function(torch.mul, x, x)

    assert result is not False, (
        "the product of x and x, given as two inputs, is called wrong: gradcheck moves one input "
        "at a time, and here both share memory; give it copies, with clone()"
    )
    check(result, True, what="the product of x and x")


@pytest.mark.task("check_function")
def test_check_function_works_inside_no_grad_and_leaves_what_records(device):
    x = sample((3,), device=device, requires_grad=True)
    x.grad = sample((3,), device=device)

    with inside_no_grad(), unchanged(x):
        result = gradient_check.check_function(torch.sin, x)

    assert result is not False, (
        "called inside torch.no_grad(), it says False of sin: nothing is recorded there, "
        "so switch recording on in a with-block, torch.enable_grad()"
    )
    check(result, True, what="sin, called inside torch.no_grad()")


@pytest.mark.task("check_function")
def test_check_function_leaves_the_global_random_state(device):
    x = sample((2,), device=device)
    before = torch.get_rng_state()

    result = gradient_check.check_function(torch.sin, x, second_order=True)

    assert torch.equal(torch.get_rng_state(), before), (
        "the global random state has moved: gradgradcheck draws from it, so put torch.random."
        "fork_rng() around the call"
    )
    check(result, True, what="sin, with second_order")


@pytest.mark.task("check_function")
def test_check_function_looks_at_second_order_only_when_asked(device):
    x = sample((2,), device=device, gap=0.5)

    first = gradient_check.check_function(CubeKept.apply, x)
    both = gradient_check.check_function(CubeKept.apply, x, second_order=True)

    what = "x³ with a right gradient, whose own gradient is wrong"
    check(first, True, what=f"{what}, without second_order")
    check(both, False, what=f"{what}, with second_order")


@pytest.mark.task("check_function")
def test_check_function_says_false_of_once_differentiable_in_second_order(device):
    x = sample((2,), device=device, gap=0.5)

    result = gradient_check.check_function(SquareOnce.apply, x, second_order=True)

    check(result, False, what="x² with a once_differentiable backward, with second_order")


@pytest.mark.task("check_function")
def test_check_function_looks_at_first_order_too_when_asked_for_second(device):
    x = sample((2,), device=device, gap=0.5)

    def f(x):
        return Square.apply(x, lambda gradient: 7 * gradient)

    result = gradient_check.check_function(f, x, second_order=True)

    assert result is not True, (
        "a gradient that is 7 times too large passes with second_order: gradgradcheck compares "
        "backward with its own derivative only, so ask gradcheck as well"
    )
    check(result, False, what="x² whose gradient is 7 times too large, with second_order")


@pytest.mark.task("check_function")
@pytest.mark.parametrize("error", [ValueError, RuntimeError])
def test_check_function_lets_an_error_of_fn_through(error, device):
    def f(x):
        raise error("planted in fn")

    name = error.__name__
    with raises(error, when=f"fn raises {name}", naming=["planted in fn"], advice="let it through"):
        gradient_check.check_function(f, sample((2,), device=device))


@pytest.mark.task("check_function")
def test_check_function_lets_an_error_of_backward_through(device):
    when = "backward raises RuntimeError"
    with raises(RuntimeError, when=when, naming=["planted in backward"], advice="let it through"):
        gradient_check.check_function(BrokenBackward.apply, sample((2,), device=device))


@pytest.mark.task("check_function")
def test_check_function_lets_an_error_in_second_order_through(device):
    x = sample((1,), device=device)

    when = "the backward of the gradient raises RuntimeError"
    with raises(RuntimeError, when=when, naming=["planted in backward"], advice="let it through"):
        gradient_check.check_function(CubeOfBroken.apply, x, second_order=True)


# complex_step


@pytest.mark.task("complex_step")
@without_autograd
def test_complex_step_takes_a_step_whose_square_is_lost(device):
    x = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, device=device)

    result = gradient_check.complex_step(lambda x: (x**3).sum(), x)

    steps = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]
    too_large = "whose square is not lost in rounding: take 1e-20"
    check(
        result,
        3 * x**2,
        what="Σx³ at [1, -2, 3]",
        mistakes={
            **{f"the imaginary step is {h:g}, {too_large}": 3 * x**2 - h**2 for h in steps},
            "all elements are moved at once: move one at a time": torch.full_like(x, 42),
            "the steps of earlier elements stay in x: start from x each time": (
                torch.cumsum(3 * x**2, 0)
            ),
            "the real part is taken: the imaginary part is the derivative times h": (
                torch.full_like(x, 20 / 1e-20)
            ),
        },
        rtol=1e-14,
        atol=1e-14,
    )


@pytest.mark.task("complex_step")
@any_layout
def test_complex_step_is_accurate_to_the_last_digits_in_any_layout(make, device):
    x = make(device)
    weight = sample(x.shape, device=device)

    def f(x):
        return (weight * x.exp() * x.sin()).sum()

    with situation(f"given x of shape {tuple(x.shape)}"):
        result = gradient_check.complex_step(f, x)

    check(
        result,
        gradient_by_autograd(f, x),
        what="Σ weight · exp x · sin x",
        mistakes={COPY: torch.zeros_like(x)},
        rtol=1e-14,
        atol=1e-14,
    )


@pytest.mark.task("complex_step")
@pytest.mark.parametrize(
    ("name", "f"),
    [
        ("Σ tanh x · Σ sin x", lambda x: x.tanh().sum() * x.sin().sum()),
        ("Σ x³ / (3 + x²)", lambda x: (x**3 / (3 + x**2)).sum()),
        ("Σ -exp(-x) / x", lambda x: (-(-x).exp() / x).sum()),
    ],
    ids=["tanh", "quotient", "minus"],
)
def test_complex_step_takes_what_functions_are_made_of(name, f, device):
    x = sample((4, 3), device=device, gap=0.5)

    result = gradient_check.complex_step(f, x)

    check(result, gradient_by_autograd(f, x), what=name, rtol=1e-14, atol=1e-14)


@pytest.mark.task("complex_step")
def test_complex_step_keeps_float32(device):
    x = sample((4, 3), device=device, dtype=torch.float32)

    result = gradient_check.complex_step(lambda x: (x.exp() * x.sin()).sum(), x)

    check(result, x.exp() * (x.sin() + x.cos()), what="Σ exp x · sin x in float32")


@pytest.mark.task("complex_step")
def test_complex_step_leaves_an_x_that_records_and_returns_no_graph(device):
    x = sample((4, 3), device=device, requires_grad=True)
    x.grad = sample((4, 3), device=device)
    weight = sample((4, 3), device=device, requires_grad=True)

    with situation("given an x and an f that record"), unchanged(x, weight):
        result = gradient_check.complex_step(lambda x: (weight * x**2).sum(), x)

    check(result, (2 * weight * x).detach(), what="Σ weight · x²", rtol=1e-14, atol=1e-14)


@pytest.mark.task("complex_step")
def test_complex_step_works_inside_no_grad(device):
    x = sample((4, 3), device=device)

    with inside_no_grad(), unchanged(x):
        result = gradient_check.complex_step(lambda x: (x**2).sum(), x)

    check(result, 2 * x, what="Σx², called inside torch.no_grad()", rtol=1e-14, atol=1e-14)
