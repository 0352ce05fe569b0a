"""Keep less alive for backward: measure what a graph holds, round it, recompute it, let it die."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
import torch.utils.checkpoint
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks


def saved_bytes(fn: Callable[..., Any], *args: Any) -> int:
    """Return how many bytes autograd saves for backward while fn(*args) runs.

    What counts is memory, that is storages: each storage counts whole and once, however many
    tensors on it, views or not, are saved. Tensors of every dtype count, also integers and bools,
    and so do inputs and parameters of fn, and a part of the graph that is gone before fn returns.
    What fn saves under hooks of its own, as in a checkpoint, does not count: of all such hooks only
    the innermost see a tensor.

    fn runs once, on the very args, with recording on or off as it was. It may call backward, and
    gets the gradients that it would get by itself, unless it edits in place what was saved: hooks
    switch off the check for that. After the call, nothing that this function made keeps fn's graph
    alive, nor memory longer than the last part of that graph. If fn raises, or Ctrl-C ends it, the
    error passes through, and no hook stays in place.

    Args:
        fn: anything that can be called with args; what it returns is not used.
        args: what fn takes.

    Returns:
        Bytes; 0 if nothing is saved.

    Source: torch.autograd.graph.saved_tensors_hooks; torch.Tensor.untyped_storage.
    """
    raise NotImplementedError


class HalfPrecisionSaved(saved_tensors_hooks):
    """Keep what is saved for backward in bfloat16: `with HalfPrecisionSaved(): y = model(x)`.

    Every real floating tensor, of whatever dtype, that is saved inside the block is kept in
    bfloat16 alone. The tensor itself dies when nobody else holds it, but the memory of one that is
    in bfloat16 already may be kept. In backward, which may run after the block and more than once,
    it comes back rounded, in the dtype and on the device it had. All other tensors, such as complex
    ones, indices and masks, come back unrounded: for them `t.detach()`, which shares their memory,
    is enough, as nobody is to edit them before backward.

    This does not always save memory: a weight lives on beside its copy, and an expanded tensor is
    copied at its full size.

    The forward pass is as exact as without the block, an error inside passes through, and what is
    saved after the block is not touched. No graph is kept alive: a pack hook must not return the
    very tensor that it gets. Where t is in bfloat16 already, `t.to(torch.bfloat16)` is t itself;
    `t.detach()` never is.

    Source: torch.autograd.graph.saved_tensors_hooks, which takes two functions: pack, from a tensor
    to anything, and unpack, from that to the tensor.
    """

    def __init__(self) -> None:
        """Hand `pack` and `unpack` to the base class."""
        raise NotImplementedError

    @staticmethod
    def pack(tensor: Tensor) -> Any:
        """Return what is kept instead of a tensor that is being saved."""
        raise NotImplementedError

    @staticmethod
    def unpack(packed: Any) -> Tensor:
        """Return, from what pack returned, the tensor that backward gets."""
        raise NotImplementedError


def checkpoint(fn: Callable[..., Tensor], *args: Any) -> Tensor:
    """Return fn(*args) without keeping its activations: backward runs fn again to have them.

    fn is called once now, and at most once more while `backward()` runs. In between, args stay
    alive, but no tensor that fn computes on the way to its result does. Gradients reach what they
    would reach in a plain call: args that require grad, leaves or not, and the parameters of fn,
    also when no arg requires grad.

    fn may draw random numbers, as dropout does. The first run draws them as a plain call would; the
    second draws the same again, whatever was drawn in between, and backward leaves the random state
    as it found it, also when fn raises: that of the CPU, and of the CUDA devices of args. Errors of
    fn, forward and backward, pass through.

    Checkpoints can be nested: fn may call `checkpoint` itself. The args of that inner call may stay
    alive too, and how often its fn runs is free. Where grad mode is off, this is a plain call.
    torch.utils.checkpoint is not to be used.

    Args:
        fn: computes the same again when it is called again with the same random state; a module or
            a function. At least one arg or one parameter of fn requires grad. fn uses no other
            tensor that requires grad. If it detaches its result, no gradient flows on, and whether
            what you return requires grad is free.
        args: tensors and anything else, such as ints and None, but no containers of tensors. The
            caller does not edit them before backward.

    Returns:
        A tensor, for one `backward()` without `inputs`: torch.autograd.grad and second derivatives
        need not work.

    Source: Chen et al., 2016, arXiv:1604.06174; torch.utils.checkpoint.checkpoint. Hooks of
    saved_tensors_hooks do it, or a `Function`; torch.random.fork_rng for random numbers.
    """
    raise NotImplementedError


def checkpoint_chain(layers: Iterable[nn.Module], x: Tensor, segments: int) -> Tensor:
    """Run layers one after another, and keep for backward only the input of each segment.

    The n layers are cut into `segments` consecutive runs, no fewer, whose lengths differ by one at
    most. Each is checkpointed: backward computes the inside of one segment again, then that of the
    one before. The last segment may run plainly, for its inside is needed first. So at no time in
    forward and backward are more than n/segments + segments + 5 tensors of an activation's size
    alive, their gradients among them, where a plain run keeps n or more. Each layer runs once in
    forward and at most once more in backward. x stays as it was found, but for its `.grad`.

    Gradients reach x and all parameters; the parameters also when x does not require grad. Inside
    torch.no_grad() the layers simply run.

    Args:
        layers: n ≥ 1 of them; a list, an `nn.Sequential` or a generator. They keep no state, draw
            no random numbers, and save one tensor of an activation's size each.
        x: what the first layer takes.
        segments: from 1 to n.

    Returns:
        The output of the last layer, differentiable.

    Source: torch.utils.checkpoint.checkpoint, which may be used here: say `use_reentrant=False`.
    Chen et al., 2016, arXiv:1604.06174: the least memory is at about √n segments.
    """
    raise NotImplementedError


def affine_inplace(x: Tensor) -> Tensor:
    """Return 2(x + 1), with memory for the result and for nothing else.

    One new storage of x's size is made, not two, and no tensor of that size is saved for backward.
    x stays as it was found.

    Args:
        x: floating, any shape.

    Returns:
        A tensor of the shape of x, differentiable.

    Source: "In-place correctness checks" in the PyTorch notes, Autograd mechanics: an edit in place
    is sound where no node has saved what it overwrites.
    """
    raise NotImplementedError


def mean_loss(losses: Iterable[Tensor]) -> float:
    """Return the mean of many losses, and let the graph of each go.

    Each loss comes with the graph of its step. When the next loss is asked for, no graph may be
    kept alive but that of the latest, which the loop variable may still hold. The losses themselves
    keep their values and their graphs. A generator computes each loss in the middle of your loop:
    a `no_grad` around the loop would take its graph away, and an error passes through.

    Args:
        losses: 0-d tensors of any floating dtype, with a graph or without; a list, or a generator
            that computes each when it is asked for.

    Returns:
        A Python float, from a sum in float64: in bfloat16, 256 + 1 is 256.

    Raises:
        ValueError: if there are no losses.

    Source: "Don't accumulate history across your training loop" in the PyTorch FAQ.
    """
    raise NotImplementedError


def accumulate_microbatches_(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
) -> float:
    """Leave in `.grad` the gradient of the mean loss over all samples of all batches.

    Up to rounding, it is the gradient that one batch of all samples would give, also when the
    batches have different sizes. But no more than two graphs are ever alive, counting one of which
    backward has left the nodes alone: the model runs once on each batch, and each loss is
    back-propagated by itself, at the latest when the model has run on the next batch. Whatever a
    `.grad` held before is dropped, that of a frozen parameter too. A parameter that gets no
    gradient ends with `.grad` None; one that only some of the batches use gets what they give.
    Every submodule runs in the mode, train or eval, in which it is. Errors of the model and the
    loss pass through.

    Args:
        model: treats each sample on its own, and may use a parameter in several places. Its output
            requires grad.
        loss_fn: takes the model's output and y, in this order, and returns the 0-d mean over their
            samples.
        batches: at least one pair (x, y) of at least one sample, which axis 0 counts. A list or a
            generator, so that the number of batches and samples is not known beforehand.

    Returns:
        The mean loss per sample, as a Python float.

    Source: torch.Tensor.backward, which adds to `.grad`.
    """
    raise NotImplementedError


def step_in_backward_(params: Iterable[Tensor], lr: float) -> Callable[[], None]:
    """Make each later `backward()` take a step of gradient descent itself: p ← p − lr·grad.

    As soon as the gradient of a parameter is complete, the parameter is updated in place. Then its
    `.grad` becomes None, while backward still goes on. So the gradients of all parameters are never
    in memory together, and no optimizer is needed. Parameters that do not require grad when this is
    called are left alone. This call itself changes no parameter. In `backward(create_graph=True)`
    grad mode is on; the step is taken there too, and leaves no graph.

    Args:
        params: leaves whose `.grad` is None; a list or a generator. A tensor that is listed twice,
            as tied parameters may be, gets one step in each backward.
        lr: the factor of the step, positive. However small a gradient is, the step is taken.

    Returns:
        A function without arguments that takes back all that was installed: from then on backward
        fills `.grad` as usual. Calling it once more does nothing.

    Source: torch.Tensor.register_post_accumulate_grad_hook; "How to save memory by fusing the
    optimizer step into the backward pass" in the PyTorch tutorials.
    """
    raise NotImplementedError
