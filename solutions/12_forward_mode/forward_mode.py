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
- The results, but those of the classes, have no graph attached: they do not require grad. They may
  share memory with x, v or a tensor that f uses.
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

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function, forward_ad


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
        """Return self to the power k; with k = 0 or 0.0 the tangent is 0, at 0 too."""
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
    tensors in f other than x and v require grad. Not to be used: reverse mode, and jvp, jacfwd and
    linearize of torch.func. torch.autograd.forward_ad is what it takes.

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


def jacobian_columns(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return J, one column after another: one pass forward for each element of x.

    A column is Jv with 1 in one place of v and 0 elsewhere, in the shape of f(x). f is called
    exactly x.numel() times, with a tensor of the shape of x; fewer will do where f ignores it. Not
    to be used: reverse mode, and jacfwd, linearize and vmap of torch.func.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape, `()` too.
        x: any shape, `()` too.

    Returns:
        A tensor of shape f(x).shape + x.shape: element [*i, *j] is ∂f(x)[i]/∂x[j].

    Source: Griewank and Walther, Evaluating Derivatives, 2008, chapter 3.
    """
    columns = []
    for v in torch.eye(x.numel(), dtype=x.dtype, device=x.device):
        with forward_ad.dual_level():
            y = f(forward_ad.make_dual(x, v.reshape(x.shape)))
            value, column = forward_ad.unpack_dual(y)
        columns.append(torch.zeros_like(value) if column is None else column)
    return torch.stack(columns, -1).reshape(value.shape + x.shape).detach()


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

    def column(v: Tensor) -> Tensor:
        product: Tensor = torch.func.jvp(f, (x,), (v,))[1]
        return product

    basis = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    columns: Tensor = torch.func.vmap(column)(basis).detach()
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)


def cheapest_jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return J, in the mode that is cheaper: forward where x has fewer elements than f(x).

    Forward mode computes J by columns, one for each element of x; reverse mode by rows, one for
    each element of f(x). Where both have as many elements, either will do. f may be called once
    for each column or row, and once more to know the size of f(x); any function of torch may be
    used. All operations together make at most 3 times as many elements as the cheaper of
    torch.func.jacfwd and torch.autograd.functional.jacobian.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape, `()` too.
            torch.func.vmap can map it, and it can be differentiated in both modes.
        x: any shape, `()` too.

    Returns:
        A tensor of shape f(x).shape + x.shape: element [*i, *j] is ∂f(x)[i]/∂x[j].

    Source: Griewank and Walther, Evaluating Derivatives, 2008, chapter 3.
    """
    jacobian: Tensor
    if x.numel() < f(x).numel():
        jacobian = torch.func.jacfwd(f)(x)
    else:
        jacobian = torch.autograd.functional.jacobian(f, x)
    return jacobian.detach()


class Distances(Function):
    """The distance of each row of x from each row of y: torch.cdist, with a rule for forward mode.

    Called as `Distances.apply(x, y)`, for x of shape (n, d) and y of shape (m, d), float32 or
    float64. Element [i, j] of the result, of shape (n, m), is ‖x[i] − y[j]‖, the root of the sum of
    squares. No point of x is one of y, but in float64 some may be as near as 1e-6, and their
    distance is as precise as any.

    - Backward and jvp are right, and can be differentiated: backward through backward, forward
      over reverse, reverse over forward. Forward over forward is not asked for: torch takes what a
      Function's jvp returns for constant there.
    - Where x, y or the result is changed in place after forward, backward must raise or still give
      the gradients that were due.

    Source: torch.cdist, which has no rule for forward mode; "Extending PyTorch", on
    torch.autograd.Function with setup_context and jvp.
    """

    @staticmethod
    def forward(x: Tensor, y: Tensor) -> Tensor:
        """Return the distances, `(n, m)`."""
        return torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        """Keep what backward and jvp need; each of the two has its own call that saves."""
        ctx.save_for_backward(*inputs, output)
        ctx.save_for_forward(*inputs, output)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor]:
        """Return the gradients for x and y, from one of shape `(n, m)` that comes in."""
        x, y, output = ctx.saved_tensors
        pull = grad_output / output
        grad_x = pull.sum(1, keepdim=True) * x - pull @ y
        grad_y = pull.sum(0)[:, None] * y - pull.mT @ x
        return grad_x, grad_y

    @staticmethod
    def jvp(ctx: Any, x_tangent: Tensor, y_tangent: Tensor) -> Tensor:
        """Return how the distances move, `(n, m)`, when x and y move along their tangents.

        Where x or y stands still its tangent is zeros here; it is None only if `setup_context`
        calls `ctx.set_materialize_grads(False)`.
        """
        x, y, output = ctx.saved_tensors
        apart, moved = x[:, None] - y, x_tangent[:, None] - y_tangent
        slope: Tensor = (apart * moved).sum(-1) / output
        return slope


def model_jvp(model: nn.Module, tangents: Mapping[str, Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """Return a model's output, and how it moves when some of its parameters move.

    The model is called once, on x, and its hooks run. It keeps its own `nn.Parameter`s in their
    order, and they their values, `requires_grad` and `.grad`. As inside an f, recording is on in it
    where it is on for the caller. Not to be used: reverse mode.

    Args:
        model: takes x and returns a tensor; it has no dropout and no batch norm.
        tangents: by the names of model.named_parameters(), how each of these parameters moves, in
            its shape and dtype. The others stand still. One that does not require grad may move. A
            parameter that the model uses in several places moves in all of them, and stands under
            its first name, the one that named_parameters gives. The mapping may be empty.
        x: what the model takes; it may require grad.

    Returns:
        output: the model's output at x.
        tangent: the sum over all elements p that move of ∂output/∂p · its tangent; zeros where
            nothing moves.

    Raises:
        KeyError: naming a name in `tangents` that model.named_parameters() does not give.

    Source: torch.func.functional_call.
    """
    parameters: dict[str, Tensor] = dict(model.named_parameters())
    with forward_ad.dual_level():
        for name, tangent in tangents.items():
            # An unknown name is a KeyError here.
            parameters[name] = forward_ad.make_dual(parameters[name], tangent)
        y = torch.func.functional_call(model, parameters, (x,))
        output, moved = forward_ad.unpack_dual(y)
    output = output.detach()
    return output, torch.zeros_like(output) if moved is None else moved.detach()


def value_gradient_hvp(
    f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return f(x), its gradient and Hv, from one call of f and one backward pass.

    H holds all second derivatives of a scalar f. The backward pass of an f whose argument moves
    along v gives a gradient that carries its own tangent, and that is Hv: forward over reverse.
    No tensor of your own has more than 10 times as many elements as x. Not to be used:
    torch.autograd.functional, and hessian, jacrev and jacfwd of torch.func.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor. It may be linear,
            or ignore its argument.
        x: any shape, `()` too.
        v: the direction, in the shape and dtype of x.

    Returns:
        value: f(x), 0-d.
        gradient: in the shape of x.
        product: Hv, in the shape of x; zeros where f is linear in x.

    Source: Pearlmutter, "Fast exact multiplication by the Hessian", 1994.
    """
    with torch.enable_grad(), forward_ad.dual_level():
        leaf = x.detach().requires_grad_()
        y = f(forward_ad.make_dual(leaf, v))
        value = forward_ad.unpack_dual(y).primal.detach()
        if not y.requires_grad:
            return value, torch.zeros_like(x), torch.zeros_like(x)
        (moving,) = torch.autograd.grad(y, leaf, materialize_grads=True)
        gradient, product = forward_ad.unpack_dual(moving)
    return value, gradient, torch.zeros_like(gradient) if product is None else product


def derivatives_along(
    f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return f(x + t·v) at t = 0, and its first and second derivative with respect to t.

    f is called once. Not to be used: reverse mode. Levels of torch.autograd.forward_ad do not
    nest; those of torch.func.jvp do.

    Args:
        f: can be differentiated twice; takes a tensor of the shape and dtype of x, and returns a
            tensor of any shape.
        x: any shape, `()` too.
        v: the direction, in the shape and dtype of x; of any length, 0 too.

    Returns:
        value: f(x).
        first: d/dt f(x + t·v), in the shape of f(x): Jv.
        second: d²/dt² f(x + t·v), in the shape of f(x): the derivative itself, and not the
            coefficient of t², which is half of it.

    Source: torch.func.jvp of a torch.func.jvp.
    """

    def slope(t: Tensor) -> Any:
        return torch.func.jvp(f, (t,), (v,))

    moving: Any = torch.func.jvp(slope, (x,), (v,))
    (value, first), (_, second) = moving
    return value.detach(), first.detach(), second.detach()


@dataclass(frozen=True)
class Taylor:
    """A function of t by the first coefficients of its series, c₀ + c₁·t + c₂·t² and so on.

    Each operation returns a Taylor of the same length: a + b, a * b and a.exp(). a and b have one
    length, and what would come after it is cut off. Coefficients are those of the powers of t: the
    k-th derivative at t = 0 over k!. The arithmetic is Python's own, and its module math may help.
    It takes at most 4·K² products for K coefficients. Not to be used: torch and other libraries.

    Attributes:
        coefficients: floats c₀, c₁, …, one at least; each may be 0.

    Source: Griewank and Walther, Evaluating Derivatives, 2008, chapter 13.
    """

    coefficients: tuple[float, ...]

    def __add__(self, other: Taylor) -> Taylor:
        """Return the series of the sum."""
        pairs = zip(self.coefficients, other.coefficients, strict=True)
        return Taylor(tuple(a + b for a, b in pairs))

    def __mul__(self, other: Taylor) -> Taylor:
        """Return the series of the product, without the powers of t beyond the last one."""
        a, b = self.coefficients, other.coefficients
        return Taylor(tuple(sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))))

    def exp(self) -> Taylor:
        """Return the series of e to the power of a, this one.

        With y for the result, y[0] is the exponential of a[0], and y′ = a′·y.
        """
        a = self.coefficients
        y = [math.exp(a[0])]
        for k in range(1, len(a)):
            y.append(sum(i * a[i] * y[k - i] for i in range(1, k + 1)) / k)
        return Taylor(tuple(y))
