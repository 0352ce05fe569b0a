"""Keep the direction of a step and bound its length: seven ways to clip, and one whole step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function


def total_norm(params: Iterable[Tensor], norm_type: float = 2.0) -> Tensor:
    """Return the norm of all gradients together, as if they were one long vector.

    That is (Σ|g|ᵖ)^(1/p) over every element g of every `.grad`, and the largest |g| for p = ∞.
    Written without torch's get_total_norm, clip_grad_norm_ and clip_grads_with_norm_.

    On a GPU each value that goes to Python makes the program wait for the device: `item`, `float`,
    `tolist`, `numpy`, a tensor as the condition of an `if`, and each comparison of Python's `max`
    of a list of tensors. Here that happens at most once, however many parameters there are.

    Args:
        params: leaves of one dtype, each with at least one element, a list or a generator. One
            whose `.grad` is None is skipped; a frozen one with a `.grad` counts. A `.grad` may be
            non-contiguous, or have a graph, as after `backward(create_graph=True)`. Parameters and
            gradients stay as they were found, None too.
        norm_type: p, at least 1; `float("inf")` too.

    Returns:
        A 0-d tensor of the gradients' dtype, without a graph; infinite or NaN if a gradient is. If
        there is no gradient, a 0-d tensor 0 of any dtype.

    Source: torch.nn.utils.get_total_norm.
    """
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norms = [torch.linalg.vector_norm(grad, norm_type) for grad in grads]
    norm: Tensor = torch.linalg.vector_norm(torch.stack(norms), norm_type)
    return norm


def clip_grad_norm_(
    params: Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    *,
    error_if_nonfinite: bool = False,
) -> Tensor:
    """Scale all gradients in place by one factor, so that their total norm is at most max_norm.

    The factor is the smaller of 1 and max_norm / norm (or max_norm / (norm + 1e-6), as in torch).
    Gradients of zeros stay zeros. In place means that each `.grad` stays the same tensor in the
    same memory. Written without torch's clip_grad_norm_, get_total_norm and
    clip_grads_with_norm_; your own total_norm may be called.

    Args:
        params: leaves of one dtype, each with at least one element, a list or a generator. One
            whose `.grad` is None is skipped; a frozen one with a `.grad` counts. A `.grad` may be
            non-contiguous, or have a graph, and is no expanded tensor.
        max_norm: the bound, more than 0.
        norm_type: p of the norm of all gradients together, at least 1; `float("inf")` too.
        error_if_nonfinite: whether an infinite or NaN norm is an error. If not, it is returned as
            it is, NaN if a gradient is, and the gradients may become anything.

    Returns:
        The total norm before clipping: a 0-d tensor of the gradients' dtype, without a graph. If
        there is no gradient, a 0-d tensor 0 of any dtype.

    Raises:
        RuntimeError: with the value of norm_type (7 or 7.0) in its message, if error_if_nonfinite
            is True and the norm is infinite or NaN. It is raised before any gradient changes.

    Source: torch.nn.utils.clip_grad_norm_; Pascanu et al., 2013, arXiv:1211.5063.
    """
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norms = [torch.linalg.vector_norm(grad, norm_type) for grad in grads]
    norm: Tensor = torch.linalg.vector_norm(torch.stack(norms), norm_type)
    if error_if_nonfinite and not norm.isfinite():
        raise RuntimeError(f"the gradients' norm of order {norm_type} is {norm.item()}")
    factor = (max_norm / (norm + 1e-6)).clamp(max=1)
    for grad in grads:
        grad.mul_(factor)
    return norm


def clip_grad_value_(params: Iterable[Tensor], clip_value: float) -> None:
    """Bring every element of every gradient into [−clip_value, clip_value], in place.

    An element beyond a bound becomes that bound, an infinite one too; all others, NaN too, keep
    their values. Each `.grad` stays the same tensor in the same memory. Written without torch's
    clip_grad_value_.

    Args:
        params: leaves of any shape, (0, 3) too, a list or a generator. One whose `.grad` is None
            is skipped; a frozen one with a `.grad` counts. A `.grad` may be non-contiguous; it has
            no graph.
        clip_value: the bound, more than 0.

    Source: torch.nn.utils.clip_grad_value_.
    """
    for p in params:
        if p.grad is not None:
            p.grad.detach().clamp_(-clip_value, clip_value)


def clip_per_group_(optimizer: torch.optim.Optimizer, max_norms: Sequence[float]) -> list[Tensor]:
    """Clip the gradients of each parameter group of an optimizer to a 2-norm of its own.

    A group's gradients are scaled together, in place, by one factor: the smaller of 1 and
    bound / norm (or bound / (norm + 1e-6), as in torch). The other groups do not influence it.
    torch.nn.utils may be used.

    Args:
        optimizer: its groups are the dicts in `optimizer.param_groups`, each with a list of
            tensors of one dtype under the key "params". Only a parameter whose `.grad` is None is
            skipped; a frozen one with a `.grad` counts. No `.grad` has a graph.
        max_norms: one bound for each group, in their order, each more than 0.

    Returns:
        For each group the 2-norm of its gradients before clipping: a 0-d tensor without a graph;
        infinite or NaN if a gradient is, and that group's gradients may become anything. If a group
        has no gradient, a 0-d tensor 0 of any dtype.

    Raises:
        ValueError: if there are not as many bounds as groups. It is raised before any gradient
            changes.

    Source: torch.nn.utils.clip_grad_norm_; torch.optim, "Per-parameter options".
    """
    groups = optimizer.param_groups
    if len(groups) != len(max_norms):
        raise ValueError(f"{len(groups)} parameter groups, {len(max_norms)} bounds")
    return [
        nn.utils.clip_grad_norm_(group["params"], max_norm)
        for group, max_norm in zip(groups, max_norms, strict=True)
    ]


def adaptive_clip_(params: Iterable[Tensor], clipping: float = 0.01, eps: float = 1e-3) -> None:
    """Scale each output unit's gradient in place so that it stays small beside the unit's weights.

    With w_i the weights of unit i, g_i their gradient, and 2-norms, afterwards
    ‖g_i‖ ≤ clipping · max(‖w_i‖, eps). A g_i above this bound is scaled down to it; all others
    keep their values, zeros too. No 1e-6 is added to a norm here, for a bound may be as small as
    1e-5. Each `.grad` stays the same tensor in the same memory, and gets no graph. The weights stay
    as they are.

    Args:
        params: leaves with at least one element, a list or a generator. With two or more axes, a
            unit is one index of axis 0 with all that belongs to it: a row of a matrix, also of a
            matrix of shape (n, 1); a whole filter of a convolution. With fewer axes the tensor is
            one unit. One whose `.grad` is None is skipped; a frozen one with a `.grad` counts.
            Weights and gradients may be non-contiguous; they and their norms are finite in their
            dtype, float16 too, where 300² is infinite. No `.grad` has a graph before the call.
        clipping: the largest allowed ratio of gradient norm to weight norm, more than 0.
        eps: the least weight norm assumed, so that new zero weights can move; more than 0.

    Source: Brock et al., 2021, arXiv:2102.06171, equation 3.
    """
    for p in params:
        if p.grad is None:
            continue
        weight, grad = p.detach(), p.grad.detach()
        # For vector_norm, None is all axes.
        axes = tuple(range(1, p.ndim)) if p.ndim >= 2 else None
        weight_norm = torch.linalg.vector_norm(weight, dim=axes, keepdim=True)
        grad_norm = torch.linalg.vector_norm(grad, dim=axes, keepdim=True)
        # Where the gradient is 0, the ratio is infinite and the factor 1.
        grad.mul_((clipping * weight_norm.clamp(min=eps) / grad_norm).clamp(max=1))


def clipped_mean_gradient(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    xs: Tensor,
    ys: Tensor,
    max_norm: float,
) -> dict[str, Tensor]:
    """Return the mean over the samples of each sample's own gradient, clipped.

    The loss of sample i is `loss_fn(model(xs[i:i+1]), ys[i:i+1])`. Its gradient is scaled by one
    factor so that the 2-norm over all trainable parameters together is at most max_norm: by the
    smaller of 1 and max_norm / norm (or max_norm / (norm + 1e-6), as in torch). Zeros stay zeros,
    NaN stays NaN, and an infinite element, with its factor 0, becomes NaN. Then the mean is taken:
    no finite sample moves it by more than max_norm / N. Nothing is written to any `.grad`; model,
    xs and ys stay as they were found. So they do where model or loss_fn raises, in forward or in
    backward, and the error gets through.

    Args:
        model: maps a batch to a batch, without dropout and batch norm, and with at least one
            trainable parameter that the loss uses. Grad mode is on.
        loss_fn: takes outputs and targets of a batch, in this order, and returns the 0-d mean over
            its samples. loss_fn uses no parameter of the model. Both work under torch.func.vmap.
        xs: the samples, shape (N, …), N at least 1.
        ys: their targets, shape (N, …).
        max_norm: the bound for each sample's gradient, more than 0.

    Returns:
        For each trainable parameter, under the name that `named_parameters()` gives it, a tensor
        of its shape, without a graph: zeros for one that the loss does not use. A frozen parameter
        is absent, one that is used in two places (tied weights) is there once.

    Source: Abadi et al., 2016, "Deep learning with differential privacy", arXiv:1607.00133,
    algorithm 1 without its noise.
    """
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    means = {name: torch.zeros_like(p) for name, p in params.items()}
    for x, y in zip(xs.split(1), ys.split(1), strict=True):
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, list(params.values()), materialize_grads=True)
        norm = torch.stack([torch.linalg.vector_norm(grad) for grad in grads]).norm()
        factor = (max_norm / (norm + 1e-6)).clamp(max=1)
        for mean, grad in zip(means.values(), grads, strict=True):
            mean.add_(grad * factor / len(xs))
    return means


class ClipGradient(Function):
    """A bound on the gradient at one place of the graph: `ClipGradient.apply(x, max_norm)` is x.

    Forward changes nothing. Backward scales the whole incoming gradient by one factor so that its
    2-norm over all elements is at most max_norm: by the smaller of 1 and max_norm / norm (or
    max_norm / (norm + 1e-6), as in torch). Zeros stay zeros.

    Args of apply:
        x: floating, not empty; float16 too, where 300² is infinite. The incoming gradient's norm
            is finite in its dtype.
        max_norm: a Python float, more than 0. It is no tensor and has no gradient.

    Returns:
        x itself, a view of it or a copy, differentiable once. No second derivative is taken, and
        nobody changes the result in place.

    Source: torch.autograd.Function; Graves, 2013, arXiv:1308.0850, which clips the gradient at
    places inside the network.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, max_norm: float) -> Tensor:
        """Return x, and note on `ctx` what backward needs."""
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        """Return one value for each argument of apply, and leave grad_output as it is."""
        norm = torch.linalg.vector_norm(grad_output)
        return grad_output * (ctx.max_norm / (norm + 1e-6)).clamp(max=1), None


def scaled_step(
    loss: Tensor,
    params: Iterable[Tensor],
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
    max_norm: float,
) -> Tensor:
    """Take one whole training step with a scaled loss and clipped gradients.

    Back-propagate the loss times the scaler's scale, bring the gradients back to their true size,
    clip their total 2-norm to max_norm, step, let the scaler update its scale, and clear the
    gradients, to None or to zeros. torch.nn.utils may be used.

    If a gradient is infinite or NaN, so is the norm, and the step is skipped, as `scaler.step`
    does: parameters and optimizer state stay as they were, and the scale backs off. The gradients
    are cleared all the same, and the norm is returned.

    Args:
        loss: 0-d, with a graph, not scaled yet.
        params: those that the optimizer steps, a list or a generator. Each `.grad` is None or zeros
            before the call; where the loss does not use a parameter, None stays None, and weight
            decay does not move it. A norm of finite gradients is finite.
        optimizer: of torch.optim, with a `step` that needs no closure (LBFGS needs one).
        scaler: an enabled `torch.amp.GradScaler`.
        max_norm: the bound, in units of the true gradients; more than 0.

    Returns:
        The norm of the true gradients, that is without the scale, before clipping; a 0-d tensor
        without a graph.

    Source: "Gradient clipping" in PyTorch's "Automatic Mixed Precision examples".
    """
    scaler.scale(loss).backward()
    # What the scaler has unscaled once, its step does not unscale again.
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad()
    return norm
