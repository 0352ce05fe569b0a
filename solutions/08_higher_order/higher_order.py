"""Differentiate a derivative: ask for a gradient together with its graph, and use it in a formula.

For all functions here:

- Grad mode is on, and stays on where functions that are passed in run. They may use tensors of
  their own, such as the parameters of a model.
- Arguments, and the tensors that passed functions use, keep their values, their `requires_grad` and
  their `.grad`; also where such a function raises, in forward or in backward. Its error gets
  through.
- NaN and infinities that autograd gives come through as they are.
- Nothing but the result outlives a call, and once that is dropped, its graph is gone: at the latest
  when Python's garbage collector has run. `backward(create_graph=True)` makes a cycle of a tensor,
  its `.grad` and the graph, which is never freed unless `.grad` is set to None.
- A result may be a view, also of an argument.
- *Without a graph* means that `requires_grad` is False; or that it is True through zeros which
  `materialize_grads=True` has made, for in some versions of torch these require grad.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def taylor_coefficients(f: Callable[[Tensor], Tensor], x0: float, order: int) -> list[float]:
    """Return the coefficients of the Taylor polynomial of f around x0, computed in float64.

    Coefficient k is the kth derivative at x0 over k factorial, f⁽ᵏ⁾(x0)/k!, so that near x0

        f(x) ≈ c[0] + c[1]·(x − x0) + c[2]·(x − x0)² + … + c[order]·(x − x0)^order.

    A polynomial runs out of derivatives: those beyond its degree are 0.

    Args:
        f: takes a 0-d float64 tensor and returns a 0-d float64 tensor that depends on it.
        x0: a Python float or int.
        order: of the polynomial, from 0 to 170: 171! is too large for a float. Where each
            derivative has a larger graph than the last, as for 1/(1 − x) and tanh, at most 10.

    Returns:
        A list of order + 1 Python floats: k = 0, 1, …, order.

    Source: Taylor, 1715, "Methodus incrementorum directa et inversa".
    """
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    y = f(x)
    coefficients = [y.item()]
    for k in range(1, order + 1):
        if y.requires_grad:
            (y,) = torch.autograd.grad(y, x, create_graph=True, materialize_grads=True)
        else:
            y = torch.zeros_like(x)
        coefficients.append(y.item() / math.factorial(k))
    return coefficients


def nth_derivative(f: Callable[[Tensor], Tensor], x: Tensor, n: int) -> Tensor:
    """Return the nth derivative of an elementwise function, at each element of x.

    Some functions run out of derivatives: those of a straight line are zero from the second on,
    those of a constant from the first on. f may be such a constant, and not use x at all.

    Args:
        f: elementwise: takes a tensor of any shape and returns one of the same shape and dtype, of
            which each element is computed from the element at the same place alone.
        x: floating, any shape, `()` too.
        n: the order, 0 or more; 0 asks for the value f(x).

    Returns:
        A tensor of the shape, dtype and device of x, without a graph.

    Source: torch.autograd.grad, its argument create_graph.
    """
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(y)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach()


def gradient_penalty(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return how far the critic's slopes are from 1, as a loss that can train the critic.

    Each sample i has a gradient gᵢ = ∂D(x)ᵢ/∂xᵢ, shaped like one sample, and a norm ‖gᵢ‖, the root
    of the sum of the squares of all elements of gᵢ. The penalty is the mean of (‖gᵢ‖ − 1)² over
    the batch. Norms below 1 count as well as those above.

    Args:
        critic: D, a function or a module: takes any number N of samples and returns one score a
            sample, of shape (N,) or (N, 1). A score depends on its own sample alone.
        x: the samples, shape (N, …) with two axes or more, contiguous or not; it need not
            require grad. No gᵢ is zero.

    Returns:
        A 0-d tensor, differentiable with respect to the critic's parameters. Whether gradients
        reach the caller's x too is left to you.

    Source: Gulrajani et al., 2017, arXiv:1704.00028, the penalty in equation 3, at given points x.
    """
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms: Tensor = torch.linalg.vector_norm(gradient.flatten(start_dim=1), dim=1)
    return (norms - 1).square().mean()


def pinn_residual(u: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return u″(x) + u(x) at each point, which is 0 wherever u solves the equation u″ + u = 0.

    A physics-informed network is trained to make this small, and so learns a solution of the
    equation. Where u is a straight line, such as `nn.Linear(1, 1)`, u″ is 0, and the residual is
    u(x). u is no constant.

    Args:
        u: takes a tensor of the shape of x and returns one of the same shape, of which each
            element depends on the element of x at the same place, and on no other.
        x: the points, floating, any shape, such as (N, 1) for a network with one input; it need
            not require grad.

    Returns:
        A tensor of the shape of x, differentiable with respect to u's parameters, through u and
        through u″. Whether gradients reach the caller's x too is left to you.

    Source: Raissi, Perdikaris and Karniadakis, 2019, "Physics-informed neural networks".
    """
    x = x.detach().requires_grad_()
    y = u(x)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    if not slope.requires_grad:
        return y
    (bend,) = torch.autograd.grad(slope.sum(), x, create_graph=True, materialize_grads=True)
    return bend + y


def curvature(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return vᵀHv, where H is the Hessian of f at x: how f bends along the direction v.

    H itself is never built: for n = 2000 elements it would have four million. Whatever n is, there
    are at most four calls of f and backward walks in all. A walk through the graph of the gradient
    counts, and so does a call of f in forward mode.

    A weighted sum does not bend, and its curvature is 0, also where the weights require grad.

    Args:
        f: takes a tensor like x and returns a 0-d tensor that depends on it.
        x: floating, any shape, `()` too.
        v: the direction, of the shape and dtype of x, not necessarily of norm 1; it may be the
            tensor x itself.

    Returns:
        The sum of vᵢ·Hᵢⱼ·vⱼ over all elements i and j of x: a 0-d tensor without a graph.

    Source: Pearlmutter, 1994, "Fast exact multiplication by the Hessian".
    """
    x, v = x.detach().requires_grad_(), v.detach()
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not gradient.requires_grad:
        return v.new_zeros(())
    slope = (gradient * v).sum()
    (product,) = torch.autograd.grad(slope, x, materialize_grads=True)
    return (product * v).sum()


def maml_gradient(
    loss_fn: Callable[[Tensor, Any], Tensor], support: Any, query: Any, w: Tensor, lr: float
) -> Tensor:
    """Return the gradient, with respect to the weights before a training step, of a loss after it.

    The step is one of gradient descent on the support batch,

        w′ = w − lr · ∇loss_fn(w, support),

    and the loss is loss_fn(w′, query). w acts on that loss twice: directly, as the point where the
    step begins, and through the gradient in the step. Both count, so the second derivative of the
    support loss is part of the result. The support loss may be linear in w: that derivative is then
    zero.

    Args:
        loss_fn: takes weights like w and a batch, and returns a 0-d loss that depends on the
            weights.
        support: the batch to step on; whatever loss_fn takes, more than once if you like.
        query: the batch to judge the step by.
        w: floating, any shape, `()` too; it need not require grad.
        lr: the learning rate of the step, a Python float.

    Returns:
        A tensor of the shape, dtype and device of w, without a graph.

    Source: Finn, Abbeel and Levine, 2017, "Model-agnostic meta-learning", arXiv:1703.03400.
    """
    w = w.detach().requires_grad_()
    (step,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    (gradient,) = torch.autograd.grad(loss_fn(w - lr * step, query), w)
    return gradient


def hypergradient(
    f: Callable[[Tensor], Tensor],
    val: Callable[[Tensor], Tensor],
    w0: Tensor,
    lr: Tensor,
    steps: int,
) -> Tensor:
    """Return the derivative, with respect to the learning rate, of a loss after training.

    Training is gradient descent from w0, `steps` times

        w ← w − lr · ∇f(w),

    and the result is d val(w)/d lr at the last w. The learning rate scales each step, and so it
    also moves the points at which the later gradients are taken: both effects count. f may be
    linear, with zero for its second derivative.

    Args:
        f: the training loss: takes a tensor like w0 and returns a 0-d tensor that depends on it.
        val: the validation loss: like f, it returns a 0-d tensor that depends on its argument.
        w0: where to start, floating, any shape, `()` too; it need not require grad, and may be the
            tensor lr itself.
        lr: the learning rate, 0-d, of the dtype of w0, 0 too; it need not require grad.
        steps: how many, 0 or more. For 0 steps lr has no influence, and the derivative is 0.

    Returns:
        A 0-d tensor of the dtype and device of lr, without a graph.

    Source: Maclaurin, Duvenaud and Adams, 2015, "Gradient-based hyperparameter optimization
    through reversible learning", arXiv:1502.03492.
    """
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * gradient
    (derivative,) = torch.autograd.grad(val(w), lr, materialize_grads=True)
    return derivative
