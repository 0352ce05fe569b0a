"""Hold less: compute again, compute in pieces, put it elsewhere.

For all tasks here, unless a docstring says otherwise:

- Grad mode is on, and stays on where functions and models that are passed in run.
- Inputs are float32 or float64, in any layout and not empty, and a result has the dtype and device
  of its inputs. So have the logits of a model.
- Arguments, and the tensors that passed functions use, keep their values and their
  `requires_grad`, and modules their mode; only `backward` of the caller's, and functions whose name
  ends in `_`, write `.grad`.
- *Differentiable once* means that nobody asks for gradients of gradients. Backward may run several
  times all the same, each but the last with `retain_graph=True`.
- A number of elements counts what the storage of one tensor holds, and *alive* is what somebody
  still holds. Tensors of fewer than ten elements do not count, nor do those of integers and bools.
"""

from __future__ import annotations

import copy
import functools
import os
import uuid
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.autograd.graph import saved_tensors_hooks
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint, create_selective_checkpoint_contexts


def accumulate_tokens_(model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> float:
    """Leave the gradient of the mean loss over all tokens of several micro-batches.

    A token is an element of y, and counts unless it is −100. The loss is the mean cross-entropy
    over all tokens that count, in whichever micro-batch they are: one with many tokens weighs more
    than one with few, and one may have none. How many count in all is known only at the end.

    Gradients that are there at the start are dropped. Each micro-batch runs forward once and
    backward once, and when the next is asked for, no graph is alive but perhaps that of the latest.

    Args:
        model: takes x, and returns logits of shape (B, T, V) for V ≥ 2 classes. Some parameters may
            be frozen, and some unused: their `.grad` ends as None.
        batches: any iterable, a generator too, of pairs (x, y), int64, both of shape (B, T), which
            may differ from pair to pair.

    Returns:
        The mean loss per token that counts, as a Python float.

    Raises:
        ValueError: no token counts; then no `.grad` holds a NaN or a gradient of before.

    Source: torch.nn.functional.cross_entropy, its arguments ignore_index and reduction.
    """
    raise NotImplementedError


class SwiGLU(Function):
    """A gated unit: `SwiGLU.apply(gate, up)` is silu(gate)·up, where silu(z) = z/(1 + e⁻ᶻ).

    It keeps gate and up for backward and nothing else: what forward computes on the way is computed
    again. If one of them is written to in between, backward raises or gives the gradient for the
    values of before.

    Args of apply:
        gate: floating, any shape.
        up: of the shape and dtype of gate.

    Returns:
        A tensor of the shape of gate, which can be differentiated twice, in both, also where a gate
        is ±100. Either may be frozen.

    Source: Shazeer, 2020, arXiv:2002.05202.
    """

    @staticmethod
    def forward(ctx: Any, gate: Tensor, up: Tensor) -> Tensor:
        """Compute silu(gate)·up."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor]:
        """Return the gradients for gate and up, by formula, without autograd."""
        raise NotImplementedError


class LowRankLinear(nn.Module):
    """A frozen linear layer, and a change to it that is cheap to learn.

    It computes linear(x) + (alpha/rank)·x·downᵀ·upᵀ. As W is out × in, and rank is small, `down`
    and `up` have few elements. At first `up` is zero, so that nothing is changed yet.

    Source: Hu et al., 2021, arXiv:2106.09685.
    """

    def __init__(
        self, linear: nn.Linear, rank: int, alpha: float, *, generator: torch.Generator
    ) -> None:
        """Take a layer over, and freeze it.

        The parameters `down`, of shape (rank, in), and `up`, of shape (out, rank), are the only
        ones that train; they have the dtype and device of the layer's weight. `down` is drawn from
        the generator, by a continuous distribution of your choice: the generator moves on, so that
        the next layer's is another, and torch's global random state does not move. `up` is zero.
        The layer itself becomes part of this module, and its weight and bias, if it has one, no
        longer require grad.

        Args:
            linear: the layer.
            rank: at least 1; it may exceed in and out.
            alpha: a number; alpha/rank scales the change.
            generator: on the CPU or on the layer's device.
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Return linear(x) + (alpha/rank)·x·downᵀ·upᵀ, in training mode and in eval mode.

        For few rows, neither here nor in backward is a tensor made that has as many elements as the
        weight, and no matrix product is spent on a gradient that nobody needs: three products here,
        five in backward, and three if x does not require grad.

        Args:
            x: any leading shape, then in.
        """
        raise NotImplementedError

    def merged(self) -> nn.Linear:
        """Return a new `nn.Linear` that computes the same; this module stays as it is.

        Its parameters have memory of their own, and no graph; whether they require grad is left
        open. torch's global random state does not move.
        """
        raise NotImplementedError


def chunked_cross_entropy(x: Tensor, weight: Tensor, y: Tensor, chunk: int) -> Tensor:
    """Return the cross-entropy of the logits x·weightᵀ, without ever holding all of them.

    It is the mean over the rows of which y is not −100. With a large vocabulary V the logits are by
    far the largest tensor of a training step, so they are computed for `chunk` rows at a time, and
    again in backward, or the gradients are taken in forward:

    - no tensor that is made has more than max(chunk·V, N·D, V·D) elements;
    - between forward and backward at most 2(N·D + V·D) elements that were made are alive;
    - at no time, backward included, more than 5·chunk·V + 3(N·D + V·D).

    Args:
        x: shape (N, D).
        weight: shape (V, D).
        y: int64, shape (N,), from 0 to V − 1, or −100; at least one counts.
        chunk: rows at a time, at least 1; N need not be a multiple of it.

    Returns:
        A 0-d tensor, differentiable once in x and in weight; either may be frozen.

    Source: torch.nn.functional.cross_entropy; torch.utils.checkpoint.checkpoint may be used.
    """
    raise NotImplementedError


class FlashAttention(Function):
    """Attention in tiles: `FlashAttention.apply(q, k, v, block, causal)` is softmax(q·kᵀ/√d)·v.

    Queries and keys are taken `block` at a time. Of each row of scores, which is never seen whole,
    there are a running maximum and a running sum; where the maximum grows, what was summed before
    is scaled down. Backward computes each tile again.

    No tensor that is made, in forward or backward, has more elements than the largest of q, k, v
    and a tile, B·block². Kept for backward are q, k, v, the output, and one number for each query.
    If q, k, v or the output is written to in between, backward raises or gives the gradient for the
    values of before.

    Args of apply:
        q: shape (B, T, d).
        k: shape (B, S, d).
        v: shape (B, S, d).
        block: at least 1; T and S need not be multiples of it.
        causal: whether query i sees the keys 0 … i alone; T is S then.

    Returns:
        A tensor of shape (B, T, d), differentiable once in q, k and v, of which some may be frozen;
        exact for scores of ±1000.

    Source: Dao et al., 2022, arXiv:2205.14135, algorithms 1 and 4.
    """

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, block: int, causal: bool) -> Tensor:
        """Compute softmax(q·kᵀ/√d)·v tile by tile."""
        raise NotImplementedError

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients for q, k and v, tile by tile, without autograd."""
        raise NotImplementedError


class SavedOnDisk:
    """Put what is saved for backward into files: `with SavedOnDisk(folder): y = model(x)`.

    Each time that an operation saves a tensor inside the block, it goes to a file of its own in the
    folder, a small one and integers too, and its memory is free if nobody else holds it. Backward
    reads it each time that it is asked, holds nothing of it afterwards, and gets exactly what was
    saved: values, shape, dtype (bfloat16 too) and device. A file goes when the graph that needs it
    is gone, whether the block's object is alive or not: after one backward, after several that
    retain the graph, or after none.

    The graph outlives the block, and the folder may serve several blocks, one inside another, twice
    the same, or of two objects.

    Source: torch.autograd.graph.saved_tensors_hooks.
    """

    def __init__(self, folder: str | os.PathLike[str], keep: Iterable[Tensor] = ()) -> None:
        """Remember where to, and what stays in memory.

        Args:
            folder: exists; other files in it are none of ours. A relative path is taken from where
                we are now, wherever the program goes later.
            keep: any iterable, a generator too, of tensors such as a model's parameters: what lies
                in the memory of one of them, as `weight.T` does, is kept there, without a file.
                The object holds them: their memory does not become another's while it is alive,
                and they are kept in each of its blocks.
        """
        raise NotImplementedError

    def __enter__(self) -> SavedOnDisk:
        """Begin."""
        raise NotImplementedError

    def __exit__(self, *error: object) -> None:
        """End, also by an error, which goes on."""
        raise NotImplementedError


def checkpoint_but_products(fn: Callable[..., Tensor], *args: Any) -> Tensor:
    """Run fn, keep for backward the results of matrix products, and compute all else again.

    A plain checkpoint keeps nothing of what fn computes, so backward spends all of forward once
    more. Most of the time goes into matrix products, most of the memory into what lies between, so
    it is the products that are worth keeping: the results of `mm`, `addmm` and `bmm`, which is what
    `nn.Linear` and `@` come down to. Backward computes none of these again, and everything else
    once: after forward nothing that fn has made is alive but the products and the output.

    Args:
        fn: takes `args` and returns a tensor; a module perhaps. It may draw random numbers, as
            dropout does: backward sees the same mask, and whether it moves torch's random state is
            free. It does nothing in place to a product.
        *args: tensors, and whatever else fn takes.

    Returns:
        What fn returns, differentiable once, in the tensors among `args` and in what fn uses; its
        graph serves one backward alone.

    Source: torch.utils.checkpoint.checkpoint, its argument context_fn, and
    torch.utils.checkpoint.create_selective_checkpoint_contexts.
    """
    raise NotImplementedError
