import pytest
import torch
import write_the_test

from .shared import judge

pytestmark = pytest.mark.task("check_mul_backward")


def by(summed):
    """Return the candidate that brings each gradient to its operand's shape by this function."""
    return lambda grad_output, x, y: (summed(grad_output * y, x), summed(grad_output * x, y))


def summed(grad, operand):
    return grad.sum_to_size(operand.shape)


right = by(summed)


def leading_axes(grad, operand):
    return grad.sum(list(range(grad.ndim - operand.ndim))) if grad.ndim > operand.ndim else grad


def axis_by_axis(grad, operand, *, keepdim=True):
    grad = leading_axes(grad, operand)
    for axis, size in reversed(list(enumerate(operand.shape))):
        if size == 1 and grad.shape[axis] > 1:
            grad = grad.sum(axis, keepdim=keepdim)
    return grad


def by_autograd(grad_output, x, y):
    leaves = x.detach().requires_grad_(), y.detach().requires_grad_()
    return torch.autograd.grad(leaves[0] * leaves[1], leaves, grad_output)


def by_ones(grad, operand):
    shape = (1,) * (grad.ndim - operand.ndim) + operand.shape
    for axis, size in reversed(list(enumerate(shape))):
        if size == 1:
            grad = grad.movedim(axis, -1) @ grad.new_ones(grad.shape[axis])
    return grad.reshape(operand.shape)


def two_bits_larger(grad):
    return grad * (1 + 2 * torch.finfo(grad.dtype).eps)


def one_leading_axis(grad, operand):
    grad = grad.sum(0) if grad.ndim > operand.ndim else grad
    of_1 = [axis for axis in range(-operand.ndim, 0) if operand.shape[axis] < grad.shape[axis]]
    return grad.sum(of_1, keepdim=True) if of_1 else grad


def leading_axes_or_axes_of_1(grad, operand):
    if grad.ndim > operand.ndim:
        return leading_axes(grad, operand)
    return axis_by_axis(grad, operand)


def rounded(grad, operand):
    return summed(grad, operand).float().to(grad.dtype)


def as_float32(grad, operand):
    return summed(grad, operand).float()


def as_float64(grad, operand):
    return summed(grad, operand).double()


def by_columns(grad, operand):
    grad = axis_by_axis(grad, operand)
    turned = list(range(grad.ndim))[::-1]
    return grad.permute(turned).contiguous().permute(turned)


def x_by_view(grad_output, x, y):
    return right(grad_output, x.view(-1).view(x.shape), y)


def y_by_view(grad_output, x, y):
    return right(grad_output, x, y.view(-1).view(y.shape))


def mean(grad, operand):
    return summed(grad, operand) * operand.numel() / grad.numel()


def mixed(grad, operand):
    return grad.reshape(-1, *operand.shape).sum(0)


def not_to_0d(grad, operand):
    return summed(grad, operand) if operand.ndim else grad


def with_shape_1(grad, operand):
    return summed(grad, operand).reshape(operand.shape or (1,))


def squeezed(grad, operand):
    kept = [
        size
        for size, of_grad in zip(operand.shape[::-1], grad.shape[::-1], strict=False)
        if (size, of_grad) != (1, 1)
    ]
    return summed(grad, operand).reshape(kept[::-1])


def overwriting(grad_output, x, y):
    gradients = right(grad_output.clone(), x, y)
    grad_output.mul_(y)
    return gradients


def of_x_itself(grad_output, x, y):
    x.requires_grad_()
    grad_x, grad_y = torch.autograd.grad(x * y.detach(), x, grad_output)[0], grad_output * x
    return grad_x, summed(grad_y.detach(), y)


RIGHT = {
    "it sums by sum_to_size": right,
    "it sums axis by axis, and its gradients lie in memory in another order; neither one way of "
    "summing is promised nor a layout": by(by_columns),
    "it asks torch.autograd, so it needs grad mode on; without it, nothing is promised": (
        by_autograd
    ),
    "it sums by a product with ones, and all is two last bits larger; those are not promised": (
        lambda grad_output, x, y: by(by_ones)(two_bits_larger(grad_output), x, y)
    ),
}

FAULTS = {
    "the incoming gradient is left out": lambda grad_output, x, y: right(
        torch.ones_like(grad_output), x, y
    ),
    "the two gradients are swapped": lambda grad_output, x, y: right(grad_output, x, y)[::-1],
    "each is multiplied by its own operand": lambda grad_output, x, y: (
        summed(grad_output * x, x),
        summed(grad_output * y, y),
    ),
    "nothing is summed where an operand was broadcast": by(lambda grad, operand: grad),
    "only y's gradient is summed, as if x were always the larger": lambda grad_output, x, y: (
        grad_output * y,
        summed(grad_output * x, y),
    ),
    "the mean is taken instead of the sum": by(mean),
    "only leading axes are summed": by(leading_axes),
    "the summed axis is dropped: (1, 3) comes back as (3,)": by(
        lambda grad, operand: axis_by_axis(grad, operand, keepdim=False)
    ),
    "rows and columns are mixed: reshape(-1, *shape).sum(0)": by(mixed),
    "a 0-d operand's gradient has shape (1,)": by(with_shape_1),
    "axes of size 1 that nothing broadcast are squeezed away": by(squeezed),
    "grad_output is overwritten": overwriting,
    "only x's gradient is summed, as if y were always the larger": lambda grad_output, x, y: (
        summed(grad_output * y, x),
        grad_output * x,
    ),
    "leading axes are summed or those of size 1, never both": by(leading_axes_or_axes_of_1),
    "of two leading axes only one is summed": by(one_leading_axis),
    "x requires grad afterwards": of_x_itself,
    "its gradients are rounded to float32, whatever x is": by(rounded),
    "float64 operands get gradients in float32": by(as_float32),
    "float32 operands get gradients in float64": by(as_float64),
    "the incoming gradient loses its sign": lambda grad_output, x, y: right(
        grad_output.abs(), x, y
    ),
    "it is an error where x is not contiguous: it calls x.view": x_by_view,
    "it returns a list": lambda grad_output, x, y: list(right(grad_output, x, y)),
    "it is an error where y is not contiguous: it calls y.view": y_by_view,
    "a 0-d operand's gradient is not summed": by(not_to_0d),
}


def test_check_mul_backward_accepts_what_is_right_and_catches_every_fault():
    judge(write_the_test.check_mul_backward, RIGHT, FAULTS)
