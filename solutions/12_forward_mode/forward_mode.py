"""Forward mode: derivatives that travel along with the values.

x moves along a direction v, its *tangent*; each operation computes its value and how that moves.
What arrives is f(x) and Jv, from one pass forward, in which nothing is saved for a pass back. J,
the Jacobian, holds the derivative of each element of f(x) with respect to each element of x.

*Reverse mode* below is torch.autograd.grad and torch.autograd.backward, Tensor.backward, all of
torch.autograd.functional, and grad, grad_and_value, vjp, jacrev and hessian of torch.func.

For all functions here:

- x and f(x) are not empty. Both are float32 or both float64, and the results have their dtype and
  device. f does not change its argument, and may return it as it is.
- x, v and all other tensors that f uses keep their value, `requires_grad` and `.grad`. x may
  require grad, and need not be a leaf; so may the other tensors. x and v may be one tensor. Both
  may be non-contiguous, but no element of x lies in memory for several.
- The results have no graph attached: they do not require grad. They may share memory with x, v or a
  tensor that f uses.
- Only the argument of f varies. Every other tensor in f is a constant, even x itself: with
  `f = lambda z: x * z` the derivative at x is x, and not 2x.
- Where f ignores its argument the derivatives are zeros. So are those of a step function such as
  torch.sign, and the second ones of one such as torch.relu.
- Each function works inside `torch.no_grad()` too, and leaves recording on or off as it was. Where
  it is on for the caller, it is on inside f too.
- An error that f raises comes through. Every level of forward mode that was entered is left, also
  then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd import forward_ad


@dataclass(frozen=True)
class Dual:
    """A dual number: a value that carries its own derivative.

    Each operation returns a new Dual of its value and its tangent: x + y, x * y and x / y, where y
    is a Dual or a Python number, an int or a float; x ** k for a Python number k; x.sin() and
    x.exp(). A number does not move: its tangent is 0. What is done to the elements is done to each
    by itself, and all Duals in an expression have one shape.

    Not to be used: reverse mode, torch.autograd.forward_ad and torch.func.

    Attributes:
        value: any shape, `()` too; its elements may be negative or 0.
        tangent: how the value moves, in the shape and dtype of `value`.

    Source: Clifford, 1873; with ε² = 0, f(x + vε) = f(x) + f′(x)·v·ε.
    """

    value: Tensor
    tangent: Tensor

    def __add__(self, other: Dual | float) -> Dual:
        """Return self + other."""
        if not isinstance(other, Dual):
            return Dual(self.value + other, self.tangent)
        return Dual(self.value + other.value, self.tangent + other.tangent)

    def __mul__(self, other: Dual | float) -> Dual:
        """Return self · other."""
        if not isinstance(other, Dual):
            return Dual(self.value * other, self.tangent * other)
        return Dual(
            self.value * other.value, self.tangent * other.value + self.value * other.tangent
        )

    # Python asks for these where a number stands on the left: 3 + x, 2 * x.
    __radd__ = __add__
    __rmul__ = __mul__

    def __truediv__(self, other: Dual | float) -> Dual:
        """Return self / other."""
        if not isinstance(other, Dual):
            return Dual(self.value / other, self.tangent / other)
        value = self.value / other.value
        return Dual(value, (self.tangent - value * other.tangent) / other.value)

    def __pow__(self, k: float) -> Dual:
        """Return self to the power k; with k = 0 the tangent is 0, also where the value is 0."""
        if k == 0:
            return Dual(torch.ones_like(self.value), torch.zeros_like(self.tangent))
        return Dual(self.value**k, k * self.value ** (k - 1) * self.tangent)

    def sin(self) -> Dual:
        """Return the sine."""
        return Dual(self.value.sin(), self.value.cos() * self.tangent)

    def exp(self) -> Dual:
        """Return e to this power."""
        value = self.value.exp()
        return Dual(value, value * self.tangent)


def jvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return f(x) and Jv, from one pass forward: how f(x) moves when x moves along v.

    f is called once, with a tensor of the shape of x, and nothing is saved for a pass back, unless
    other tensors in f require grad. Not to be used: reverse mode, and jvp, jacfwd and linearize of
    torch.func. torch.autograd.forward_ad is what it takes.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape.
        x: any shape, `()` too.
        v: the direction, in the shape and dtype of x.

    Returns:
        value: f(x).
        product: Jv, in the shape of f(x): element [i] is the sum of ∂f(x)[i]/∂x[j] · v[j] over all
            elements j of x.

    Source: torch.autograd.forward_ad: make_dual, unpack_dual and dual_level.
    """
    with forward_ad.dual_level():
        y = f(forward_ad.make_dual(x.detach(), v.detach()))
        value, product = forward_ad.unpack_dual(y)
    value = value.detach()
    return value, torch.zeros_like(value) if product is None else product.detach()


def jacobian_forward(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return J from a single pass forward, which carries all its columns at once.

    f is called once. A column is how f(x) moves when one element of x does: Jv with 1 in one place
    of v and 0 elsewhere. Not to be used: reverse mode, and jacfwd and linearize of torch.func.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape, `()` too.
            torch.func.vmap can map it.
        x: any shape, `()` too.

    Returns:
        A tensor of shape f(x).shape + x.shape: element [*i, *j] is ∂f(x)[i]/∂x[j].

    Source: torch.func.jacfwd, which works in this way: torch.func.vmap over torch.func.jvp.
    """
    at = x.detach()

    def column(v: Tensor) -> Tensor:
        _, product = torch.func.jvp(f, (at,), (v,))
        return product

    basis = torch.eye(at.numel(), dtype=at.dtype, device=at.device).reshape(-1, *at.shape)
    columns: Tensor = torch.func.vmap(column)(basis).detach()
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)


def cheapest_jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return J, in the mode that is cheaper: forward where x has fewer elements than f(x).

    Forward mode computes J by columns, one for each element of x; reverse mode by rows, one for
    each element of f(x). Where both have as many elements, either will do. f may be called once
    more to know the size of f(x), and any function of torch may be used. All operations together
    make at most 3 times as many elements as the cheaper of torch.func.jacfwd and
    torch.autograd.functional.jacobian.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape, `()` too.
            torch.func.vmap can map it, and it can be differentiated in both modes.
        x: any shape, `()` too.

    Returns:
        A tensor of shape f(x).shape + x.shape: element [*i, *j] is ∂f(x)[i]/∂x[j].

    Source: Griewank and Walther, Evaluating Derivatives, 2008, chapter 3.
    """
    at = x.detach()
    jacobian: Tensor
    if at.numel() < f(at).numel():
        jacobian = torch.func.jacfwd(f)(at)
    else:
        jacobian = torch.autograd.functional.jacobian(f, at)
    return jacobian.detach()
