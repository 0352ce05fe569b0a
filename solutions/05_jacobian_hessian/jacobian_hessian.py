"""Derivatives with more than one output or of more than one order: J, H, and products with them.

J, the Jacobian, holds the derivative of each element of f(x) with respect to each element of x:
its shape is `f(x).shape + x.shape`. H, the Hessian of a scalar f, is the Jacobian of the gradient.

For all functions here:

- x and f(x) are not empty. Both are float32 or both float64, and the results have their dtype and
  device. f does not change its argument, and may return it as it is.
- x, v and all other tensors that f uses keep their value, `requires_grad` and `.grad`. x may
  require grad, and need not be a leaf.
- The results have no graph attached: they do not require grad, unless by way of the zeros of
  `materialize_grads=True`, which require grad in some versions of torch. They may share memory
  with x, v or a tensor that f uses.
- Only the argument of f varies. Every other tensor in f is a constant, even x itself: with
  `f = lambda z: (x * z).sum()` the gradient at x is x, and not 2x.
- Where f ignores its argument the derivatives are zeros, also if f(x) has no graph at all. So are
  those of a step function such as torch.sign, and the second ones of one such as torch.relu.
- How often f is called, and how many backward passes run, is free unless the docstring says it.
- An error that f raises, forward or backward, comes through. So do NaN and infinities that autograd
  gives.
- Each function works inside `torch.no_grad()` too, and leaves recording on or off as it was.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def vjp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return f(x), and vᵀJ: the sum of v[i] · ∂f(x)[i]/∂x over all elements i of f(x).

    torch.func.vjp and torch.autograd.functional.vjp are not to be used.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape.
        x: any shape, `()` too.
        v: one weight for each element of f(x), in the shape and dtype of f(x), without a graph.

    Returns:
        value: f(x).
        product: vᵀJ, in the shape of x.

    Source: the vector–Jacobian product; one backward pass, with v for the incoming gradient.
    """
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return y, torch.zeros_like(x)
    (product,) = torch.autograd.grad(y, leaf, v, materialize_grads=True)
    return y.detach(), product


def jacobian_rows(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return J, one row after another: one backward pass for each element of f(x).

    A row is the gradient of one element of f(x), in the shape of x. torch.func,
    torch.autograd.functional.jacobian and batched passes are not to be used.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape; a 0-d
            one has a single row.
        x: any shape, `()` too.

    Returns:
        A tensor of shape f(x).shape + x.shape: element [*i, *j] is ∂f(x)[i]/∂x[j].

    Source: torch.autograd.functional.jacobian, which by default works in this way.
    """
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        elements = y.reshape(-1).unbind()
    if not y.requires_grad:
        return x.new_zeros(y.shape + x.shape)
    rows = [
        torch.autograd.grad(element, leaf, retain_graph=True, materialize_grads=True)[0]
        for element in elements
    ]
    return torch.stack(rows).reshape(y.shape + x.shape)


def jacobian_batched(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return J from a single backward pass, which carries all its rows at once.

    f is called once, with a tensor of the shape of x. torch.func.jacrev, torch.func.jacfwd and
    torch.autograd.functional.jacobian are not to be used.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a tensor of any shape, `()` too.
        x: any shape, `()` too.

    Returns:
        A tensor of shape f(x).shape + x.shape: element [*i, *j] is ∂f(x)[i]/∂x[j].

    Source: `is_grads_batched` of torch.autograd.grad; torch.func.vmap.
    """
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    rows = None
    if y.requires_grad:
        basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
        # materialize_grads would give zeros for a single row.
        (rows,) = torch.autograd.grad(y, leaf, basis, allow_unused=True, is_grads_batched=True)
    if rows is None:
        return x.new_zeros(y.shape + x.shape)
    return rows.reshape(y.shape + x.shape)


def jvp_double_backward(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return Jv from two reverse passes: how f(x) changes when x moves along v.

    The first pass computes uᵀJ, where u is a tensor of your own that has the shape of f(x) and
    requires grad. uᵀJ is linear in u, and the second pass differentiates it with respect to u, so
    the values of u do not matter: zeros will do.

    - J itself is not formed. At most two backward passes go through f, and none of your own tensors
      has more than 10 times as many elements as the larger of x and f(x).
    - No forward mode and no Jacobian: no torch.autograd.forward_ad, no jvp, jacfwd, jacrev or
      linearize from torch.func, and no jvp or jacobian from torch.autograd.functional.

    Args:
        f: can be differentiated twice; takes a tensor of the shape and dtype of x, and returns a
            tensor of any shape.
        x: any shape, `()` too.
        v: the direction, in the shape and dtype of x, without a graph.

    Returns:
        A tensor of the shape of f(x): element [i] is the sum of ∂f(x)[i]/∂x[j] · v[j] over all
        elements j of x.

    Source: torch.autograd.functional.jvp, which works in this way.
    """
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(y)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, leaf, u, create_graph=True, materialize_grads=True)
    if not pulled.requires_grad:
        return torch.zeros_like(y)
    (product,) = torch.autograd.grad(pulled, u, v, materialize_grads=True)
    return product


def hessian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return H, all second derivatives of a scalar function.

    Not to be used: hessian and jacobian from torch.autograd.functional; hessian, jacrev and jacfwd
    from torch.func. Products, such as torch.autograd.functional.vhp row by row, may be.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: any shape, `()` too.

    Returns:
        A tensor of shape x.shape + x.shape: element [*i, *j] is ∂²f/∂x[i]∂x[j]. Zeros where f is
        linear in x.

    Source: torch.autograd.functional.hessian.
    """
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(x.shape + x.shape)
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        elements = gradient.reshape(-1).unbind()
    if not gradient.requires_grad:
        return x.new_zeros(x.shape + x.shape)
    rows = [
        torch.autograd.grad(element, leaf, retain_graph=True, materialize_grads=True)[0]
        for element in elements
    ]
    return torch.stack(rows).reshape(x.shape + x.shape)


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return Hv without forming H: how the gradient changes when x moves along v.

    - Made for an x too large for H: f is called once, at most two backward passes go through it,
      and none of your own tensors has more than 10 times as many elements as x.
    - No hvp, vhp or hessian from torch.autograd.functional, and no torch.func.hessian.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: any shape, `()` too.
        v: the direction, in the shape and dtype of x, without a graph.

    Returns:
        A tensor of the shape of x: element [i] is the sum of ∂²f/∂x[i]∂x[j] · v[j] over all
        elements j of x. Zeros where f is linear in x.

    Source: Pearlmutter, "Fast exact multiplication by the Hessian", 1994.
    """
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(x)
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
    if not gradient.requires_grad:
        return torch.zeros_like(x)
    # H is symmetric, so that vᵀH is Hv.
    (product,) = torch.autograd.grad(gradient, leaf, v, materialize_grads=True)
    return product


def laplacian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return the trace of H: the sum of ∂²f/∂x[i]² over all elements i of x.

    torch.autograd.functional.hessian and torch.func.hessian are not to be used.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: any shape, `()` too.

    Returns:
        A 0-d tensor; 0 where f is linear in x.

    Source: the Laplace operator, Δf = ∇·∇f.
    """
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(())
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        elements = gradient.reshape(-1).unbind()
    if not gradient.requires_grad:
        return x.new_zeros(())
    rows = [
        torch.autograd.grad(element, leaf, retain_graph=True, materialize_grads=True)[0]
        for element in elements
    ]
    return torch.stack(rows).reshape(x.numel(), x.numel()).trace()


def newton_step(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return x − H⁻¹g, where g is the gradient and H the Hessian of a scalar function at x.

    If f is quadratic, it is the point where the gradient is 0, be it a minimum, a maximum or a
    saddle. The step s = H⁻¹g solves the linear system H s = g, with g and s flattened and H a
    square matrix of x.numel() rows. In float64 ‖H s − g‖ ≤ 10⁻¹² ‖H‖ ‖s‖ is due for
    s = x − result, in 2-norms, where x is of the order of s, even if H is close to singular;
    torch.linalg.solve reaches it, an inverse does not. Any function of torch may be used.

    Args:
        f: takes a tensor of the shape and dtype of x, and returns a 0-d tensor.
        x: any shape, `()` too.

    Returns:
        A new tensor of the shape of x.

    Raises:
        torch.linalg.LinAlgError: if elimination meets a pivot of exactly 0, as it does where f is
            linear in x or ignores x. Where rounding hides that H is singular, nothing is promised.

    Source: Newton's method; torch.linalg.solve.
    """
    at, n = x.detach(), x.numel()
    gradient = torch.autograd.functional.jacobian(f, at)
    curvature = torch.autograd.functional.hessian(f, at)
    step: Tensor = torch.linalg.solve(curvature.reshape(n, n), gradient.reshape(n))
    return at - step.reshape(x.shape)
