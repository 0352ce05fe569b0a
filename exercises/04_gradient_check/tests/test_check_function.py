import gradient_check
import pytest
import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from gradkata.checks import (
    ErrorOfF,
    IdentityWithoutBackward,
    check,
    inside_no_grad,
    sample,
    situation,
    unchanged,
)

from .shared import Square, any_spoilt, coming_through, failing

pytestmark = pytest.mark.task("check_function")


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


class CubeOfBroken(Function):
    """x³, right in its gradient; the backward of that raises."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 3 * grad_output * x * IdentityWithoutBackward.apply(x)


def test_check_function_believes_a_right_function(device):
    x, y = sample((2, 1), device=device), sample((2, 3), device=device)

    with unchanged(x, y):
        result = gradient_check.check_function(lambda x, y: (x * y, y.exp()), x, y)

    check(result, True, what="(x · y, exp y), whose gradients are right")


@any_spoilt
def test_check_function_says_false_of_a_wrong_backward(fault, spoil, device):
    x = sample((2,), device=device, gap=0.5)

    with situation(f"given an fn with two results; the gradient of the second {fault}"):
        result = gradient_check.check_function(lambda x: (x.sin(), Square.apply(x, spoil)), x)

    what = f"(sin x, x²), where x² has a backward of its own, whose gradient {fault}"
    check(result, False, what=what)


def test_check_function_tries_incoming_gradients_that_are_not_constant(device):
    x = sample((3,), device=device, gap=0.5)

    result = gradient_check.check_function(CotangentAveraged.apply, x)

    assert result is not True, (
        "a backward that takes the mean of grad_output is not seen: with a sum over the results "
        "all of grad_output is 1, so give gradcheck fn itself"
    )
    check(result, False, what="x² with a backward that takes the mean of grad_output")


@pytest.mark.filterwarnings("ignore:Input #:UserWarning")
def test_check_function_takes_float32_and_bfloat16(device):
    x = sample((2,), device=device, dtype=torch.float32)
    y = sample((2,), device=device, dtype=torch.bfloat16)

    dtypes = set()

    def f(x, y):
        dtypes.update((x.dtype, y.dtype))
        return x.sin() * y

    with situation("given float32 and bfloat16"), unchanged(x, y):
        result = gradient_check.check_function(f, x, y)

    assert result is not False, (
        "sin x · y, whose gradients are right, is called wrong for x in float32 and y in bfloat16: "
        "gradcheck's steps are too small for both; give it float64 copies of every floating tensor"
    )
    assert dtypes == {torch.float64}, (
        f"given float32 and bfloat16, fn is called with {' and '.join(map(str, dtypes))}: every "
        "floating tensor is to be replaced by a float64 copy"
    )
    check(result, True, what="sin x · y of a float32 and a bfloat16 tensor")


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


@pytest.mark.filterwarnings("ignore:Input #:UserWarning")
def test_check_function_takes_an_expanded_input(device):
    x = sample((2, 1), device=device).expand(2, 3)

    with situation("given an input that was expanded, whose elements share memory"):
        result = gradient_check.check_function(torch.sin, x)

    check(result, True, what="sin of an expanded tensor")


def test_check_function_takes_the_same_tensor_twice(device):
    x = sample((3,), device=device, gap=0.5)

    result = gradient_check.check_function(torch.mul, x, x)

    assert result is not False, (
        "the product of x and x, given as two inputs, is called wrong: gradcheck moves one input "
        "at a time, and here both share memory; give it copies, with clone()"
    )
    check(result, True, what="the product of x and x")


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


def test_check_function_leaves_the_global_random_state(device):
    x = sample((2,), device=device)
    before = torch.get_rng_state()

    result = gradient_check.check_function(torch.sin, x, second_order=True)

    assert torch.equal(torch.get_rng_state(), before), (
        "the global random state has moved: gradgradcheck draws from it, so put torch.random."
        "fork_rng() around the call"
    )
    check(result, True, what="sin, with second_order")


def test_check_function_looks_at_second_order_only_when_asked(device):
    x = sample((2,), device=device, gap=0.5)

    first = gradient_check.check_function(CubeKept.apply, x)
    both = gradient_check.check_function(CubeKept.apply, x, second_order=True)

    what = "x³ with a right gradient, whose own gradient is wrong"
    check(first, True, what=f"{what}, without second_order")
    check(both, False, what=f"{what}, with second_order")


def test_check_function_says_false_of_once_differentiable_in_second_order(device):
    x = sample((2,), device=device, gap=0.5)

    result = gradient_check.check_function(SquareOnce.apply, x, second_order=True)

    check(result, False, what="x² with a once_differentiable backward, with second_order")


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


@pytest.mark.parametrize("error", [ErrorOfF, KeyboardInterrupt])
def test_check_function_lets_an_error_of_fn_through_and_recording_stays_off(error, device):
    x, f = sample((2,), device=device), failing(torch.sin, 1, error)

    with inside_no_grad(), coming_through(error, "fn"):
        gradient_check.check_function(f, x)


def test_check_function_lets_an_error_of_backward_through_and_recording_stays_off(device):
    x = sample((2,), device=device)

    with inside_no_grad(), coming_through(ErrorOfF, "the backward of fn"):
        gradient_check.check_function(IdentityWithoutBackward.apply, x)


def test_check_function_lets_an_error_in_second_order_through(device):
    x = sample((1,), device=device)

    with coming_through(ErrorOfF, "the backward of fn's gradient"):
        gradient_check.check_function(CubeOfBroken.apply, x, second_order=True)
