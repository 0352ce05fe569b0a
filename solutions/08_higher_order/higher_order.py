"""Differentiate a derivative: ask for a gradient together with its graph, and use it in a formula.

The functions that are passed in may use tensors of their own, such as the parameters of a model.
Everything is called while autograd records, and leaves things as it found them: x and all
others keep their value, their `requires_grad` and their `.grad`, and nothing but the result
outlives a call.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def nth_derivative(f: Callable[[Tensor], Tensor], x: Tensor, n: int) -> Tensor:
    """Return the nth derivative of an elementwise function, at each element of x.

    Where the function has run out, the derivative is zero: a straight line from the second on, a
    constant from the first on. f may be a constant, whose value does not depend on x at all.

    No `.grad` changes, neither that of x nor that of a tensor that f uses, and no graph outlives
    the call: `backward(create_graph=True)` makes a cycle of a tensor, its `.grad` and the graph,
    which is never freed unless `.grad` is set to None.

    Args:
        f: elementwise: takes a tensor of any shape and returns one of the same shape and dtype, of
            which each element is computed from the element at the same place alone.
        x: floating, any shape, `()` too.
        n: the order, 0 or more; 0 asks for f(x) itself.

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


def taylor_coefficients(f: Callable[[Tensor], Tensor], x0: float, order: int) -> list[float]:
    """Return the coefficients of the Taylor polynomial of f around x0, computed in float64.

    Coefficient k is the kth derivative at x0 over k factorial, f⁽ᵏ⁾(x0)/k!, so that near x0

        f(x) ≈ c[0] + c[1]·(x − x0) + c[2]·(x − x0)² + … + c[order]·(x − x0)^order.

    A polynomial runs out of derivatives: those beyond its degree are 0. No `.grad` changes, and no
    graph outlives the call.

    Args:
        f: takes a 0-d float64 tensor and returns a 0-d tensor computed from it.
        x0: a Python float or int.
        order: of the polynomial, 0 or more.

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


def gradient_penalty(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return how far the critic's slopes are from 1, as a loss that can train the critic.

    Each sample i has a gradient gᵢ = ∂D(x)ᵢ/∂xᵢ, shaped like one sample, and a norm ‖gᵢ‖, the root
    of the sum of the squares of all elements of gᵢ. The penalty is the mean of (‖gᵢ‖ − 1)² over
    the batch. Norms below 1 count as well as those above.

    No `.grad` changes, of the critic's parameters neither, and once the result is dropped, its
    graph is gone.

    Args:
        critic: D, a function or a module: takes a tensor like x and returns one score a sample, of
            shape (N,) or (N, 1). A score depends on its own sample alone.
        x: the samples, shape (N, …) with two axes or more, contiguous or not; it need not
            require grad. No gᵢ is zero.

    Returns:
        A 0-d tensor, differentiable with respect to the critic's parameters.

    Source: Gulrajani et al., 2017, arXiv:1704.00028, equation 3, at given points x.
    """
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms: Tensor = torch.linalg.vector_norm(gradient.flatten(start_dim=1), dim=1)
    return (norms - 1).square().mean()


def pinn_residual(u: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return how far u is from solving the differential equation u″ + u = 0, at each point.

    A network that is trained to make this small, as a physics-informed network is, learns a
    solution of the equation. u may be a straight line, such as `nn.Linear(1, 1)`: then u″ is 0,
    and the residual is u itself.

    No `.grad` changes, of u's parameters neither, and once the result is dropped, its graph is
    gone.

    Args:
        u: takes a tensor of the shape of x and returns one of the same shape, of which each
            element depends on the element of x at the same place, and on no other.
        x: the points, floating, any shape, such as (N, 1) for a network with one input; it need
            not require grad.

    Returns:
        u″(x) + u(x), a tensor of the shape of x, differentiable with respect to u's parameters:
        through u and through u″.

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

    H itself is never built: for n = 2000 elements it would have four million. Calls of f and walks
    backward through it are at most four together, whatever n is.

    A function without a bend, such as a weighted sum, has the curvature 0. No `.grad` changes, and
    no graph outlives the call.

    Args:
        f: takes a tensor like x and returns a 0-d tensor that depends on it.
        x: floating, any shape, `()` too.
        v: the direction, of the shape and dtype of x, of any length; it may be the tensor x itself.

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

    and the loss is loss_fn(w′, query). w moves that loss in two ways, straight and through the
    gradient in the step, and both count: the result has the second derivative of the support loss
    in it. That one may be zero, where the support loss is linear in w.

    No `.grad` changes, and no graph outlives the call.

    Args:
        loss_fn: takes weights like w and a batch, and returns a 0-d loss that depends on the
            weights.
        support: the batch to step on; whatever loss_fn takes.
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

    and the result is d val(w)/d lr at the last w. The learning rate moves every step, and through
    each step where the later gradients are taken: all of it counts. The second derivative of f may
    be zero, where f is linear.

    No `.grad` changes, and no graph outlives the call.

    Args:
        f: the training loss: takes a tensor like w0 and returns a 0-d tensor that depends on it.
        val: the validation loss, likewise.
        w0: where to start, floating, any shape, `()` too; it need not require grad.
        lr: the learning rate, 0-d, of the dtype of w0; it need not require grad.
        steps: how many, 0 or more. After none, lr has moved nothing: the derivative is 0.

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
