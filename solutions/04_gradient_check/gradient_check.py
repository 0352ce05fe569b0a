"""Measure derivatives, and use what was measured to tell a right gradient from a wrong one.

For all functions here:

- f may be called any number of times, unless the docstring sets a limit. It does not write into its
  argument, sees x by no other name, and its result has the dtype of that argument.
- f may look at values, as `if` does, which vmap does not allow, and may take gradients of its own
  inside `torch.enable_grad()`, which inference mode does not.
- f may be given a tensor that requires grad, and one that does not. It may return its argument, or
  a view of it. Other tensors that it uses may require grad.
- x has any shape, `()` too, but is not empty, nor expanded from a smaller tensor. It need not be
  contiguous, and may require grad.
- Afterwards x and other tensors that f uses have their value, bit for bit, their `requires_grad`
  and their `.grad` as before, and recording is on or off as before.
- So they have and so it is if f raises, forward or backward: its error comes through, be it a
  KeyboardInterrupt.
- Each function works inside `torch.no_grad()` too, and returns nothing with a graph attached.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck


def forward_difference(f: Callable[[Tensor], Tensor], x: Tensor, eps: float) -> Tensor:
    """Measure the gradient of a scalar function by one step forward for each element of x.

    Element i of the result is (f(x with eps added to element i) − f(x)) / eps. Its error falls in
    proportion to eps, until rounding takes over. Autograd is not to be used, backward or forward.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: floating.
        eps: the step, positive.

    Returns:
        A tensor of the shape, dtype and device of x.

    Source: the definition of a derivative, before the limit is taken.
    """
    x = x.detach()
    start = f(x).item()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step).item() - start) / eps
    return result


def central_difference(f: Callable[[Tensor], Tensor], x: Tensor, eps: float) -> Tensor:
    """Measure the gradient of a scalar function by a step to each side of each element of x.

    Element i of the result is (f(x with eps added to element i) − f(x with eps taken from it))
    / (2·eps). For x² it gives 2x, for x³ it gives 3x² + eps²: the error falls as eps². Autograd is
    not to be used, backward or forward.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: floating.
        eps: the step, positive.

    Returns:
        A tensor of the shape, dtype and device of x.

    Source: the Taylor series of f(x + eps) and f(x − eps), subtracted.
    """
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return result


def best_step(dtype: torch.dtype) -> float:
    """Return a step at which a central difference is about as accurate as it can be.

    f, its derivatives and x are taken to be of order 1. Then the error has two parts, and the best
    step makes their sum smallest. The formula leaves out a term in the order of eps². Each value
    of f is rounded to the dtype: an error in the order of machine epsilon, which is then divided by
    eps. Constant factors hardly matter: any step from half to twice the one at which
    eps² + machine epsilon / eps is smallest will do.

    Args:
        dtype: floating: float64, float32, float16 or bfloat16. `torch.finfo(dtype).eps` is its
            machine epsilon.

    Returns:
        A Python float.

    Source: set the derivative of eps² + machine epsilon / eps to zero; drop the constant factor.
    """
    return float(torch.finfo(dtype).eps ** (1 / 3))


@dataclass(frozen=True)
class Comparison:
    """How two gradients compare.

    Attributes:
        ok: whether they agree everywhere.
        worst_index: where they agree least, `()` in a 0-d tensor; None if the shapes differ or
            there are no elements.
        error: |got − want| there, by the rules of `compare_gradients`.
    """

    ok: bool
    worst_index: tuple[int, ...] | None
    error: float


def compare_gradients(got: Tensor, want: Tensor, *, rtol: float, atol: float) -> Comparison:
    """Tell whether a gradient is the one wanted, and where it is furthest from it.

    An element agrees if |got − want| ≤ atol + rtol·|want|. The worst element is the one with the
    largest excess, |got − want| − (atol + rtol·|want|), also when all agree; if several are equally
    bad, any of them. Compute in the dtype of got or in float64. No test hangs on rounding or
    overflow.

    Other rules hold for NaN and infinities. From the worst element to the best:

    - NaN in got, in want or in both: does not agree, and the error is NaN.
    - An infinity beside another number, be it the opposite infinity: does not agree, and the error
      is infinite.
    - Finite numbers, by their excess.
    - Two equal infinities, such as −∞ and −∞: agree, and the error is 0.

    Args:
        got: float32 or float64, any shape, `()` too; it may require grad.
        want: of the dtype and device of got; it may require grad.
        rtol: relative tolerance, finite and not negative.
        atol: absolute tolerance, finite and not negative.

    Returns:
        A Comparison of a Python bool, a tuple of Python ints or None, and a Python float.
        If the shapes differ, even where they broadcast, ok is False, worst_index None and error
        infinite. If the shape is the same and has no elements: True, None and 0.0.

    Source: ok is what torch.testing.assert_close(got, want, rtol=rtol, atol=atol) says.
    """
    if got.shape != want.shape:
        return Comparison(False, None, math.inf)
    if got.numel() == 0:
        return Comparison(True, None, 0.0)
    equal = got == want
    error = (got - want).abs().masked_fill(equal, 0)
    excess = error - (atol + rtol * want.abs())
    # Beside an infinity the tolerance is infinite or NaN, and says nothing.
    excess = torch.where(want.isinf(), torch.where(equal, -math.inf, error), excess)
    # argmax takes NaN for the largest of all.
    worst = tuple(int(i) for i in np.unravel_index(int(excess.argmax()), got.shape))
    return Comparison(bool((excess <= 0).all()), worst, error[worst].item())


def numerical_vjp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor, eps: float) -> Tensor:
    """Measure vᵀJ by central differences.

    J holds the derivative of each element of f(x) by each element of x. Element i of the result is
    the central difference, over a step of eps to each side of element i of x, of the sum of all
    v[k] · f(x)[k]. Autograd is not to be used, backward or forward.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape.
        x: floating.
        v: one weight for each element of f(x), in the shape and dtype of f(x); it may require grad,
            and may be x itself.
        eps: the step, positive.

    Returns:
        A tensor of the shape, dtype and device of x.

    Source: the vector–Jacobian product; torch.func.vjp computes it with autograd.
    """
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = ((f(x + step) - f(x - step)) * v).sum().item() / (2 * eps)
    return result


def numerical_jacobian(f: Callable[[Tensor], Tensor], x: Tensor, eps: float) -> Tensor:
    """Measure the derivative of each element of f(x) by each element of x, by central differences.

    With y = f(x), element [k…, i…] of the result is the derivative of y[k…] by x[i…]: the indices
    of y come first. Autograd is not to be used, backward or forward.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape, `()` too.
        x: floating.
        eps: the step, positive.

    Returns:
        A tensor of shape y.shape + x.shape, of the dtype and device of x.

    Source: the Jacobian matrix; torch.func.jacrev computes it with autograd, in this shape.
    """
    x = x.detach()
    columns = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        columns.append((f(x + step) - f(x - step)).detach() / (2 * eps))
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)


def gradient_check(f: Callable[[Tensor], Tensor], x: Tensor) -> bool:
    """Tell whether autograd's gradient of a scalar function agrees with a measured one.

    Both gradients are taken in float64, whatever the dtype of x. They agree if for each element
    |autograd's − measured| ≤ 1e-6 + 1e-4·|measured|; NaN never agrees. Where x, the values of f and
    its derivatives are of order 1, a central difference with a good step is far more accurate than
    that. torch.autograd.gradcheck is not to be used.

    If f cuts the graph between its argument and its result, there is no gradient by autograd, and
    the answer is False.

    Args:
        f: takes a tensor of the shape of x in float64, and returns a 0-d tensor that depends on it
            and is finite. Where other tensors that f uses require grad, f(x) does too, even if the
            graph to x is cut.
        x: of any floating dtype.

    Returns:
        A Python bool.

    Source: torch.autograd.gradcheck compares in the same way, for any number of inputs and outputs.
    """
    x = x.detach().double()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return False
        (analytic,) = torch.autograd.grad(y, leaf, allow_unused=True)
    if analytic is None:
        return False
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    measured = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)


def directional_check(
    f: Callable[[Tensor], Tensor],
    x: Tensor,
    *,
    generator: torch.Generator,
    rtol: float = 1e-6,
) -> bool:
    """Check a gradient along one random direction, in three calls of f whatever the size of x.

    - g is autograd's gradient of f at x.
    - v is a random direction of length 1 in the shape of x, drawn from `generator`, by any
      distribution that favours no element.
    - d is one central difference, (f(x + eps·v) − f(x − eps·v)) / (2·eps), with a good eps for
      float64. f is called at most three times, and backward runs at most once.

    The check passes if g is finite and |g·v − d| ≤ rtol·max(1, ‖g‖), where g·v is the sum of the
    products of all elements. A wrong g slips through if its error is small, or happens to be nearly
    perpendicular to v.

    Args:
        f: takes a tensor of the shape of x, and returns a finite 0-d tensor whose graph leads back
            to it; a graph that is cut is not tested.
        x: float64.
        generator: on the device of x; nothing else random is used.
        rtol: the tolerance, relative to the length of g where that is above 1.

    Returns:
        A Python bool.

    Raises:
        TypeError: if x is not float64, because the differences would be too coarse.

    Source: g·v is the derivative of f along v; torch.randn draws with a generator.
    """
    if x.dtype != torch.float64:
        raise TypeError(f"x is {x.dtype}, and a difference this fine needs torch.float64")
    x = x.detach()
    v = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    v /= v.norm()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    d = (f(x + eps * v).item() - f(x - eps * v).item()) / (2 * eps)
    gap = abs((g * v).sum().item() - d)
    # Where g is infinite the tolerance is too; where it is NaN no gap is small enough.
    return math.isfinite(gap) and bool(gap <= rtol * max(1.0, g.norm().item()))


def check_function(fn: Callable[..., Any], *inputs: Any, second_order: bool = False) -> bool:
    """Ask torch.autograd.gradcheck about a function, in the way it has to be asked.

    gradcheck needs float64 tensors that require grad, in memory of their own, and grad mode on. It
    raises an error for a wrong gradient, unless told to return False. gradgradcheck, its sister for
    gradients of gradients, draws random numbers. This function takes care of all that.

    Args:
        fn: takes the inputs, and returns a tensor or a tuple of tensors, each with a graph to a
            floating input.
        inputs: at least one floating tensor. Each floating tensor is replaced by a float64 copy
            that requires grad, also if it is float32, was expanded from a smaller one, or does not
            require grad itself. Everything else, such as integer tensors, numbers, strings and
            None, is passed on to fn as it is.
        second_order: whether the gradients of the gradients are checked too.

    Returns:
        A Python bool: whether the gradients are what the values of fn say. With second_order, also
        whether the gradients of the gradients are right; of a backward that is marked
        `once_differentiable` gradgradcheck says False by itself. An error that fn or its backward
        raises comes through.
        The global random state is left as it was found.

    Source: torch.autograd.gradcheck and torch.autograd.gradgradcheck; `torch.random.fork_rng`.
    """
    copies = [
        x.detach().double().clone().requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    ]
    on_cuda = [x.device for x in copies if isinstance(x, Tensor) and x.is_cuda]
    with torch.enable_grad(), torch.random.fork_rng(on_cuda):
        return gradcheck(fn, copies, raise_exception=False) and (
            not second_order or gradgradcheck(fn, copies, raise_exception=False)
        )


def complex_step(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Measure a gradient to the last digits, by a step along the imaginary axis.

    For h so small that h² is lost in rounding, f(x + ih) = f(x) + ih·f′(x): the imaginary part of
    f, divided by h, is the derivative. Nothing is subtracted, so h can be as small as 1e-20. Where
    all values are of order 1, in float64, the error is at most 1e-14·(1 + |derivative|). Autograd
    is not to be used, backward or forward.

    Args:
        f: takes a tensor of the shape of x, here a complex one: complex128, or complex64 if x is
            float32 and you prefer that. It returns a 0-d tensor, and is made of elementwise
            + − · /, exp, sin, tanh, x², x³ and sums.
        x: float32 or float64.

    Returns:
        A tensor of the shape, dtype and device of x, real.

    Source: Squire and Trapp, 1998, “Using complex variables to estimate derivatives of real
    functions”, SIAM Review 40.
    """
    x, h = x.detach(), 1e-20
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = h
        result[index] = f(torch.complex(x, step)).imag.item() / h
    return result
