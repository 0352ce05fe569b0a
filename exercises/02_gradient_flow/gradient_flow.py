"""Say where gradients go: add them up, clear them, cut them off, and step along them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn


def clear_gradients_(params: Iterable[Tensor] | Tensor, *, set_to_none: bool = True) -> None:
    """Clear the `.grad` of each parameter, as an optimizer's `zero_grad` does.

    A parameter whose `.grad` is None is left alone, and every parameter keeps its value.

    Args:
        params: leaves of any shape, some of them frozen perhaps: a list, a generator such as
            `model.parameters()`, or a single tensor.
        set_to_none: with True, `.grad` becomes None, and the old gradient keeps its values for
            whoever else holds it. With False, `.grad` stays the same tensor in the same memory,
            every element of it exactly 0 (NaN and infinities too), and without the graph that
            `backward(create_graph=True)` leaves. A `.grad` may be a view, as into one buffer for
            all; then it has no graph.

    Source: torch.optim.Optimizer.zero_grad.
    """
    raise NotImplementedError


def accumulate_(params: Iterable[Tensor], loss_fns: Iterable[Callable[[], Tensor]]) -> None:
    """Leave in each parameter's `.grad` the sum of the gradients of all losses.

    What `.grad` held before the call does not count. A parameter that no loss uses ends with
    `.grad` None. Each `.grad` has memory of its own, and may be edited in place: what
    torch.autograd.grad returns may be expanded, or one tensor for two parameters.

    Args:
        params: leaves that require grad, of any shape, each listed once; a list or a generator.
        loss_fns: at least one. Each takes nothing, builds a graph of its own and returns a
            0-d loss that depends on some parameter; call each once. A list or a generator.
            Whether other leaves that a loss uses get a gradient is left open.

    Source: torch.Tensor.backward, which adds to `.grad`.
    """
    raise NotImplementedError


def backward_times_(loss: Tensor, n: int) -> None:
    """Back-propagate the same graph n times, and free it with the last pass.

    Each pass adds the gradient to the `.grad` of every leaf. There are n passes, not one pass with
    an n-fold gradient: a hook on a tensor inside the graph runs n times. With the last one the
    tensors that the graph had saved are gone: if there were any, one more backward raises.

    Args:
        loss: 0-d, with a graph.
        n: at least 1.

    Source: torch.Tensor.backward, its argument retain_graph.
    """
    raise NotImplementedError


def two_losses_one_graph(
    f: Callable[[Tensor], Tensor],
    l1: Callable[[Tensor], Tensor],
    l2: Callable[[Tensor], Tensor],
    x: Tensor,
) -> tuple[Tensor, Tensor]:
    """Return the gradients of l1(f(x)) and of l2(f(x)) with respect to x, each by itself.

    Where the one is infinite, the other stays what it is. f may be expensive and is called once.
    Both losses depend on x, and neither edits what it takes. x stays as it was found, and so does
    the `.grad` of every tensor that f, l1 and l2 use.

    Args:
        f: takes a tensor like x and returns a tensor of any shape.
        l1: takes what f returns, and gives a 0-d loss.
        l2: another such loss.
        x: floating, any shape; it need not require grad.

    Returns:
        Two tensors of the shape of x, without a graph.

    Source: torch.autograd.grad, its argument retain_graph.
    """
    raise NotImplementedError


def stop_gradient_product(
    f: Callable[[Tensor], Tensor], g: Callable[[Tensor], Tensor], x: Tensor
) -> Tensor:
    """Return the gradient of f(x)·g(x) with respect to x, with g(x) held constant.

    Only the value of g counts, and no gradient flows through it, nor need g have one: so it is done
    with a target or a weight that a model computes for itself. f depends on x. x stays as it was
    found, and so does the `.grad` of every tensor that f and g use.

    Args:
        f: takes a tensor like x and returns a 0-d tensor.
        g: likewise; it may return its argument as it is, and may be run with recording off.
        x: floating, any shape; it need not require grad.

    Returns:
        A tensor of the shape of x, without a graph.

    Source: torch.Tensor.detach.
    """
    raise NotImplementedError


def intermediate_grads(
    layers: Iterable[nn.Module], x: Tensor, loss_fn: Callable[[Tensor], Tensor]
) -> list[Tensor]:
    """Return the gradient of the loss with respect to the output of every layer.

    The layers run one after another, the first on x, each next one on the output before it; the
    loss is `loss_fn` of the last output. It also works when neither x nor any parameter requires
    grad. x and all parameters, those that loss_fn uses too, keep their `requires_grad` and `.grad`,
    and no hook stays behind, also when a layer or loss_fn raises.

    Args:
        layers: at least one, such as an `nn.Sequential`, a list or a generator. No layer works in
            place or detaches; a layer may return its input as it is; the same layer may occur
            twice.
        x: floating, any shape; it need not require grad.
        loss_fn: takes the last output and returns a 0-d loss.

    Returns:
        One tensor for each layer, in their order, of its output's shape, without a graph. A tuple
        of them is as good as a list.

    Source: torch.autograd.grad, whose `inputs` may be any tensors of the graph, leaves or not.
    """
    raise NotImplementedError


def snapshot(t: Tensor) -> NDArray[Any]:
    """Return the values of a tensor as a NumPy array that has a life of its own.

    No later change of t in place reaches the array. t stays as it was found.

    Args:
        t: float16, bfloat16, float32 or float64, not empty, of any shape and strides, on any
            device, with a graph or without.

    Returns:
        An array of the shape and dtype of t; float32 for bfloat16, which NumPy does not have.

    Source: torch.Tensor.numpy, whose array shares memory with the tensor.
    """
    raise NotImplementedError


def predict(model: nn.Module, x: Tensor) -> Tensor:
    """Return the model's output in eval mode and without a graph.

    Afterwards every submodule is in the mode, train or eval, in which it was before, whatever
    the modes of the others are, and grad mode is as it was, on or off; also when the model raises,
    or Ctrl-C (KeyboardInterrupt) ends it, which passes through.

    Args:
        model: some of its submodules may be in train mode and others in eval mode. It computes its
            output, and returns neither x nor a parameter as it is; it leaves grad mode alone.
        x: what the model takes; it may require grad.

    Returns:
        The output, without a graph; it may be a tensor made in `torch.inference_mode()`.

    Source: torch.nn.Module.modules; the mode of a module is its attribute `training`.
    """
    raise NotImplementedError


def freeze_(module: nn.Module, prefix: str) -> int:
    """Freeze the submodule at a dotted path: no gradient flows into its parameters any more.

    Each of its parameters stops requiring grad, and its `.grad` becomes None, so that an optimizer
    skips it. A parameter that the submodule shares with another part of the module (tied weights)
    is one of its own too. All else stays as it was found.

    Args:
        module: any module in which no submodule has two paths.
        prefix: the path as `named_modules()` gives it, such as `encoder` or `encoder.0`, not
            empty. Only that submodule is meant: `encoder` is neither `encoder2` nor `old.encoder`.

    Returns:
        How many parameters (tensors, not elements) the submodule has, frozen already or not. One
        that has two names in it counts once.

    Raises:
        KeyError: naming the prefix, if there is no such submodule (`encoder.0.weight` is a
            parameter, and none) or it has no parameters. Nothing is changed then.

    Source: torch.nn.Module.get_submodule, torch.nn.Module.parameters.
    """
    raise NotImplementedError


def sgd_step_(params: Iterable[Tensor], lr: float) -> None:
    """Take one step of gradient descent in place: p ← p − lr·p.grad.

    The leaves stay the same objects, and stay leaves without a graph, even when `.grad` has one.
    Gradients stay as they are. Autograd notices the change: backward through a graph that saved a
    parameter before the step raises, and does not mix old values with new. Without torch.optim.

    Args:
        params: leaves of any shape that require grad, each listed once; a list or a generator. One
            whose `.grad` is None is skipped.
        lr: the learning rate: what the gradient is multiplied by; positive.

    Source: torch.optim.SGD without momentum; "In-place correctness checks" in the PyTorch notes.
    """
    raise NotImplementedError


def gradient_descent(f: Callable[[Tensor], Tensor], x0: Tensor, *, lr: float, steps: int) -> Tensor:
    """Return the path of gradient descent: x ← x − lr·∇f(x), `steps` times from x0.

    x0 stays as it was found, and so does the `.grad` of every tensor that f uses.

    Args:
        f: takes a tensor like x0 and returns a 0-d tensor that depends on it.
        x0: where to start; floating, any shape; it need not require grad.
        lr: the learning rate: what the gradient is multiplied by; positive.
        steps: how many; 0 is allowed.

    Returns:
        A tensor of shape `(steps + 1, *x0.shape)` and the dtype of x0, without a graph: x0 first,
        then where each step led. Every step is taken, also a tiny one or one on which f grows.

    Source: Cauchy, 1847, "Méthode générale pour la résolution des systèmes d'équations
    simultanées".
    """
    raise NotImplementedError


def truncated_backward_(
    step: Callable[[Tensor, Tensor], Tensor],
    h0: Tensor,
    inputs: Iterable[Tensor],
    loss_fn: Callable[[Tensor], Tensor],
    every: int,
) -> Tensor:
    """Run a recurrence, and back-propagate through it chunk by chunk.

    Each input x makes a new state, h ← step(x, h). After each `every` inputs, and after the last
    input if fewer are left over, `loss_fn(h)` is back-propagated once, which adds to the `.grad`
    of whatever parameters it reaches. Then the state keeps its value and loses its past: the next
    chunk's gradient ends where that chunk begins, and memory does not grow with the sequence.

    Args:
        step: takes an input and the state, edits neither, and returns the next state, which may be
            a view.
        h0: the first state, which does not require grad; it stays as it was found.
        inputs: at least one, none with a graph; a list, a generator, or a tensor whose first axis
            is time. You may read them all before the first step.
        loss_fn: takes a state and returns a 0-d loss; that of each chunk reaches a parameter.
        every: the length of a chunk in inputs, at least 1; it may exceed their number.

    Returns:
        The last state, without a graph.

    Source: Williams and Peng, 1990, "An efficient gradient-based algorithm for on-line training
    of recurrent network trajectories".
    """
    raise NotImplementedError
