"""Ask autograd for a gradient: make a tensor that records, compute with it, and ask.

For all functions here that take another, f or F:

- Only its arguments vary. Every other tensor in it is a constant, even x itself.
- Where recording is on, it stays on while the function runs, which may take a gradient itself.
- An error that it raises, forward or backward, comes through, be it a KeyboardInterrupt, and
  recording is then on or off as it was before the call.
- NaN and infinities that autograd gives come through as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def tracked(values: Sequence[float]) -> Tensor:
    """Make a tensor of these values that records what is computed from it.

    The result is a leaf: no recorded operation made it, so that a later backward writes into its
    `.grad`, which is still None.

    Args:
        values: Python floats or ints, as a list or a tuple; a float keeps its exact value.

    Returns:
        A new torch.Tensor, and no nn.Parameter, of shape (len(values),), float64, with
        requires_grad set.

    Source: torch.tensor, whose default is float32 for floats and int64 for ints.
    """
    raise NotImplementedError


def slope(f: Callable[[Tensor], Tensor], x: float) -> float:
    """Return the derivative f′(x), as autograd computes it in float64.

    Autograd is asked, and f is not measured: the slope of torch.relu at 0, say, is autograd's 0,
    and not 1/2, which the differences to both sides would give.

    Args:
        f: takes a 0-d float64 tensor, and returns a 0-d tensor computed from it and constants.
        x: a Python float or int.

    Returns:
        A Python float.

    Source: torch.autograd.grad.
    """
    raise NotImplementedError


def tangent_line(f: Callable[[Tensor], Tensor], x0: float) -> tuple[float, float]:
    """Return the slope and the intercept of the line that touches f at x0.

    The line is slope · x + intercept. It has the value and the slope of f at x0, as autograd
    computes them in float64; the intercept is the line's height at x = 0.

    Args:
        f: takes a 0-d float64 tensor, and returns a 0-d tensor computed from it and constants.
        x0: a Python float or int, where the line touches.

    Returns:
        slope: a Python float.
        intercept: a Python float.

    Source: the first-order Taylor polynomial, f(x0) + f′(x0)·(x − x0).
    """
    raise NotImplementedError


def gradient(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return autograd's gradient of a scalar function at x, and leave no trace.

    - x keeps its value, its `requires_grad` and its `.grad`.
    - Other tensors that f uses keep their `.grad`.
    - It also works when it is called inside `torch.no_grad()`.
    - torch.func is not to be used.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor computed from it.
        x: floating, any shape, `()` too; it may require grad, be a leaf or not. It has no hooks.

    Returns:
        A tensor of the shape, dtype and device of x, with no graph attached: each element is
        the partial derivative of f by that element of x.

    Source: torch.autograd.grad; torch.func.grad(f)(x) gives the same.
    """
    raise NotImplementedError


def partials(f: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradients of a scalar function with respect to its first and second argument.

    An argument that f ignores has a gradient of zeros, of that argument's shape. x and y may be
    one and the same tensor: each gradient is still with respect to one argument of f alone. They
    keep their `requires_grad` and `.grad`, and so do others that f uses. torch.func is not to
    be used.

    Args:
        f: takes two tensors, of the shapes and dtypes of x and y, and returns a 0-d tensor
            computed from one of them at least.
        x: floating, any shape.
        y: floating, any shape.

    Returns:
        grad_x: of the shape, dtype and device of x, with no graph attached.
        grad_y: of the shape, dtype and device of y, with no graph attached.

    Source: torch.autograd.grad takes several inputs; torch.func.grad(f, argnums=(0, 1)).
    """
    raise NotImplementedError


def implicit_slope(
    F: Callable[[Tensor, Tensor], Tensor],  # noqa: N803 — its name in the books
    x: float,
    y: float,
) -> float:
    """Return the slope dy/dx of the curve F(x, y) = 0 at a point of the curve.

    Along the curve F stays 0, so that ∂F/∂x · dx + ∂F/∂y · dy = 0. Where F ignores x, and ∂F/∂y
    is not 0, the slope is 0.

    Args:
        F: takes two 0-d float64 tensors, and returns a 0-d tensor computed from one of them
            at least, and constants.
        x: a Python float or int.
        y: a Python float or int, with F(x, y) = 0.

    Returns:
        A Python float, computed in float64.

    Raises:
        ZeroDivisionError: where ∂F/∂y is 0, since the curve is vertical there or has no single
            slope; also where F ignores y. The error of Python's own division will do.

    Source: the implicit function theorem.
    """
    raise NotImplementedError


def vector_backward(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return vᵀJ; J holds the derivative of each element of f(x) with respect to each of x.

    It is the gradient with respect to x of the sum of all v[i] · f(x)[i]; J itself need not be
    formed. x and v keep their `requires_grad` and `.grad`, and so do other tensors that f uses.
    torch.func is not to be used.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape that is
            computed from it.
        x: floating, any shape.
        v: one weight for each element of f(x), in the shape and dtype of f(x); it may require grad.

    Returns:
        A tensor of the shape, dtype and device of x, with no graph attached.

    Raises:
        ValueError: if v has another shape than f(x), even one that broadcasts; its text names
            both shapes, as (4, 3) or torch.Size([4, 3]).

    Source: the vector–Jacobian product; grad_outputs of torch.autograd.grad.
    """
    raise NotImplementedError


def rotation(angle: Tensor) -> Tensor:
    """Return the matrix that turns the plane by an angle, differentiable in the angle.

    Multiplied with a column (x, y) it turns it counterclockwise: the first column is
    (cos, sin), the second (−sin, cos).

    Args:
        angle: floating, 0-d, in radians.

    Returns:
        A tensor of shape (2, 2), of the dtype and device of angle, computed from it by torch
        operations, so that a gradient flows back.

    Source: the rotation matrix; torch.stack joins tensors and records it.
    """
    raise NotImplementedError


def det2_gradient(a: Tensor) -> Tensor:
    """Return the gradient of the determinant of a 2×2 matrix, worked out by hand.

    The determinant is a[0, 0]·a[1, 1] − a[0, 1]·a[1, 0]. Element [i, j] of the result is its
    partial derivative with respect to a[i, j]. A singular matrix has a gradient too.
    No gradient from autograd, no torch.linalg, no determinant and no inverse: the formula is the
    task. `detach` and `no_grad` may be used.

    Args:
        a: floating, shape (2, 2).

    Returns:
        A tensor of shape (2, 2), of the dtype and device of a, with no graph attached, even if
        a requires grad.

    Source: the partial derivatives of a polynomial in four variables.
    """
    raise NotImplementedError
