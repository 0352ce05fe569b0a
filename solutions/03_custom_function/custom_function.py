"""Teach autograd new operations: each class is one, used through `apply`.

For all classes here:

- forward may use any torch operation. It writes to no input, not even for a while.
- forward takes ctx, or is in the newer style, with `setup_context`, in any class.
- backward writes the formula of the gradient, and asks neither torch.autograd nor torch.func for
  it. It may call `apply` of the classes here.
- The gradients that come into backward are finite. Where `ctx.needs_input_grad` is False, it may
  return None.
- If an input or output is edited in place before backward, backward raises or is right all the
  same: tensors, also those computed on the way, are kept by `ctx.save_for_backward`, not as
  attributes of ctx.
- A derivative that is zero everywhere may have no graph, also where a class is *differentiable any
  number of times*.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


class Square(Function):
    """The square of each element: `Square.apply(x)` is x².

    Args of apply:
        x: floating, any shape.

    Returns:
        A tensor of the shape of x, differentiable any number of times.

    Source: torch.autograd.Function, "Extending torch.autograd" in the PyTorch notes.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Compute x², and save on `ctx` what backward needs."""
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Return the gradient for x, given the gradient of the loss with respect to x²."""
        (x,) = ctx.saved_tensors
        return grad_output * 2 * x


class Scale(Function):
    """A multiple of each element: `Scale.apply(x, k)` is k·x.

    Args of apply:
        x: floating, any shape.
        k: a Python float. It is no tensor and has no gradient.

    Returns:
        A tensor of the shape of x, differentiable any number of times.

    Source: torch.autograd.Function: backward returns one value for each argument of forward,
    None for one that has no gradient.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, k: float) -> Tensor:
        """Compute k·x."""
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        """Return one value for each of the two arguments of forward."""
        return grad_output * ctx.k, None


class ReLU(Function):
    """The rectifier: `ReLU.apply(x)` is x where x > 0, and 0 where it is not, but NaN stays NaN.

    −∞ gives 0, and a negative x gives 0.0, never −0.0. The slope at exactly 0 is 0. Free are the
    slope at NaN and the sign of ReLU(−0.0).

    Args of apply:
        x: floating, any shape.

    Returns:
        A tensor of the shape of x, differentiable any number of times.

    Source: torch.relu.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Compute max(x, 0)."""
        y = x.clamp(min=0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Return the gradient for x: what comes in where x > 0, and 0 elsewhere."""
        (y,) = ctx.saved_tensors
        return grad_output * (y > 0)


class Sigmoid(Function):
    """The logistic function: `Sigmoid.apply(x)` is 1/(1 + e⁻ˣ).

    At x = ±1000 neither the value nor the gradient is NaN. Forward saves its output for backward,
    and nothing else. Backward does not call torch's sigmoid.

    Args of apply:
        x: floating, any shape.

    Returns:
        A tensor of the shape of x, differentiable any number of times.

    Source: s′ = s(1 − s), so that the output alone is enough; torch.sigmoid saves it too.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Compute the logistic function, and save the output."""
        s = torch.sigmoid(x)
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Return the gradient for x from the saved output."""
        (s,) = ctx.saved_tensors
        return grad_output * s * (1 - s)


class BroadcastMul(Function):
    """A product with broadcasting: `BroadcastMul.apply(x, y)` is x·y.

    Each gradient that backward returns has the shape of its own operand. The engine would
    repair one that does not; here backward does it itself. `Tensor.sum_to_size` may be used.

    Args of apply:
        x: floating, any shape that broadcasts with y's; `()` too.
        y: of the dtype of x.

    Returns:
        A tensor of the broadcast shape, differentiable any number of times.

    Source: "Broadcasting semantics" in the PyTorch notes; a value that was used many times gets
    the sum of the gradients of its uses.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        """Compute x·y."""
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor]:
        """Return the gradient for x, of x's shape, and for y, of y's shape."""
        x, y = ctx.saved_tensors
        return (grad_output * y).sum_to_size(x.shape), (grad_output * x).sum_to_size(y.shape)


class NumpySin(Function):
    """The sine, computed by NumPy: `NumpySin.apply(x)` is sin x.

    Autograd cannot see into NumPy, so backward computes the cosine with NumPy too, and its gradient
    must not be differentiated again. Where `grad_output` has a graph, `.backward()` on the gradient
    raises RuntimeError: `once_differentiable` in front of backward does that. It cannot do more:
    a second derivative of `(NumpySin.apply(x) + x**3).sum()` is 6x without a word. Backward may
    also raise itself where it is recorded, with `create_graph=True`.
    torch.sin and torch.cos are not to be used.

    Args of apply:
        x: float32 or float64, any shape, `()` too, on any device. `x.detach().cpu().numpy()` is an
            array: `numpy()` alone refuses an x that requires grad or is on a GPU. Of a 0-d array
            NumPy makes a plain number.

    Returns:
        A tensor of the shape, dtype and device of x, differentiable once.

    Source: torch.autograd.function.once_differentiable.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Compute the sine with NumPy."""
        ctx.save_for_backward(x)
        return torch.as_tensor(np.sin(x.detach().cpu().numpy()), dtype=x.dtype, device=x.device)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Return the gradient for x, with the cosine from NumPy."""
        (x,) = ctx.saved_tensors
        cosine = torch.as_tensor(np.cos(x.cpu().numpy()), dtype=x.dtype, device=x.device)
        return grad_output * cosine


class Linear(Function):
    """An affine layer: `Linear.apply(x, weight, bias)` is x·weightᵀ + bias.

    Backward returns None for what is not asked for, and does not compute it: with x or weight
    frozen, backward needs one matrix product and not two. `ctx.needs_input_grad` says what is asked
    for: a bool for each argument of forward, in order, False for a bias that is None.

    The gradient that comes into backward may be non-contiguous, so that `view` fails on it.

    Args of apply:
        x: floating, shape (…, n): any number of leading axes, none too.
        weight: shape (m, n).
        bias: shape (m,), or None for no bias; None has no gradient.

    Returns:
        A tensor of shape (…, m), differentiable any number of times.

    Source: torch.nn.functional.linear.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Compute x·weightᵀ + bias."""
        ctx.save_for_backward(x, weight)
        product = x @ weight.T
        return product if bias is None else product + bias

    @staticmethod
    def backward(
        ctx: Any, grad_output: Tensor
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        """Return the gradients for x, weight and bias; None for each that is not asked for."""
        x, weight = ctx.saved_tensors
        needs_x, needs_weight, needs_bias = ctx.needs_input_grad
        rows = grad_output.reshape(-1, weight.shape[0])
        grad_x = grad_output @ weight if needs_x else None
        grad_weight = rows.T @ x.reshape(-1, weight.shape[1]) if needs_weight else None
        grad_bias = rows.sum(0) if needs_bias else None
        return grad_x, grad_weight, grad_bias


class MaxWithIndex(Function):
    """The largest value along an axis and where it stands: `MaxWithIndex.apply(x, dim)`.

    Forward calls `ctx.set_materialize_grads(False)`, so that a gradient that no one computed comes
    into backward as None and not as zeros: that of the indices always, that of the values where
    the next Function's backward returns None. If `grad_values` is None, the gradient for x is None.

    Args of apply:
        x: floating, ±∞ too, with at least one axis; without NaN, and without ties for the largest
            value along dim.
        dim: the axis, a Python int; negative counts from the end.

    Returns:
        values: x without that axis, differentiable any number of times.
        indices: int64, of the same shape, marked by `ctx.mark_non_differentiable`. No value shows
            the mark, for integers have no gradient anyway; it tells whoever reads.

    Source: torch.max(x, dim). For backward, `Tensor.scatter` puts values at indices.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> tuple[Tensor, Tensor]:
        """Find values and indices."""
        values, indices = torch.max(x, dim)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(indices)
        ctx.dim = dim
        ctx.shape = x.shape
        return values, indices

    @staticmethod
    def backward(
        ctx: Any, grad_values: Tensor | None, grad_indices: Tensor | None
    ) -> tuple[Tensor | None, None]:
        """Return the gradient for x, zero except at the largest values; None for dim."""
        if grad_values is None:
            return None, None
        (indices,) = ctx.saved_tensors
        zeros = grad_values.new_zeros(ctx.shape)
        index, source = indices.unsqueeze(ctx.dim), grad_values.unsqueeze(ctx.dim)
        return zeros.scatter(ctx.dim, index, source), None


class Sinh(Function):
    """The hyperbolic sine and the two exponentials it is made of.

    `Sinh.apply(x)` is `(sinh x, eˣ, e⁻ˣ)`, with sinh x = (eˣ − e⁻ˣ)/2. The exponentials are
    results in their own right, so that they can be saved for backward and be differentiated
    again: a tensor that forward computes, and that is neither an input nor an output, would be a
    constant to the gradient of the gradient. Forward calls exp at most twice; backward computes no
    exponential (`exp`, `expm1`, `exp2`, `sinh`, `cosh`, `pow`).

    Args of apply:
        x: floating, any shape.

    Returns:
        Three tensors of the shape of x, each differentiable to second order.

    Source: "Double backward with custom functions" in the PyTorch tutorials.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Compute the three, and save what backward needs."""
        exp, exp_neg = x.exp(), (-x).exp()
        ctx.save_for_backward(exp, exp_neg)
        return (exp - exp_neg) / 2, exp, exp_neg

    @staticmethod
    def backward(ctx: Any, grad_sinh: Tensor, grad_exp: Tensor, grad_exp_neg: Tensor) -> Tensor:
        """Return the gradient for x: the sum of what comes in through each of the three."""
        exp, exp_neg = ctx.saved_tensors
        return grad_sinh * (exp + exp_neg) / 2 + grad_exp * exp - grad_exp_neg * exp_neg


class Exp(Function):
    """The exponential in the newer style, which torch.func can transform: `Exp.apply(x)` is eˣ.

    Args of apply:
        x: floating, any shape.

    Returns:
        A tensor of the shape of x, differentiable any number of times backward and once forward,
        also under `torch.func.vmap` over any axis. For vmap, write the rule below; or delete the
        method and let torch make one: `generate_vmap_rule = True` in the class.

    Source: "Extending torch.func with autograd.Function" in the PyTorch notes.
    """

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        """Compute eˣ; in this style forward gets no ctx."""
        return x.exp()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor], output: Tensor) -> None:
        """Save what backward and jvp need: `ctx.save_for_backward` and `ctx.save_for_forward`."""
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Return the gradient for x (reverse mode)."""
        (y,) = ctx.saved_tensors
        return grad_output * y

    @staticmethod
    def jvp(ctx: Any, x_tangent: Tensor) -> Tensor:
        """Return the tangent of the output, given the tangent of x (forward mode)."""
        (y,) = ctx.saved_tensors
        return x_tangent * y

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None], x: Tensor) -> tuple[Tensor, int | None]:
        """Return eˣ for all x at once, and the axis of the result that holds the batch.

        In x the batch lies along axis `in_dims[0]`. `info` has its size and is not needed here.
        What is called here must be differentiable: `Exp.apply` itself is.
        """
        y: Tensor = Exp.apply(x)
        return y, in_dims[0]
