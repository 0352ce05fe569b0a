"""Train one model on several processes, each with data of its own, and with one gradient.

For all tasks here, unless a docstring says otherwise:

- The default group of `torch.distributed` is there already. Its processes are the *ranks*: each
  runs the same code, with a model and data of its own. There may be one rank or several.
- All ranks call with the same number of tensors, in the same order, of the same shapes and dtypes;
  the values are each rank's own.
- Tensors are floating, on one device, dense and contiguous: no other tensor may be handed to a
  collective.
- `params` is any iterable, a generator too. It has at least one tensor, and lists none twice. A
  parameter that is frozen and has no gradient may be among them. It may be gone through in either
  grad mode.
- *In place*: what is there stays the same object in the same memory, a `.grad` too, and gets new
  values.
- No `.grad` has a graph, at the end either. What is not named is left alone: values,
  `requires_grad`, `.grad`, and whether a module is in training mode.
- The grad mode of the caller may be on or off, and is the same afterwards.
- What the caller has given is run as it is: an error that it raises comes through.
- When a function returns, all the collectives that it has begun are over.
- The tests run the ranks as threads of one process, so nothing is kept in global variables, nor on
  a class. These ranks have `all_reduce`, `all_gather`, `reduce_scatter`, `broadcast`, `reduce`,
  `gather`, `scatter`, `all_to_all`, those with `_single` or `_into_tensor` and `_object` in their
  names, and `barrier`, also with `async_op=True`. They have no `send` and `recv`, and no futures.
  `ReduceOp.AVG` they have, which gloo, the backend for CPUs, lacks.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def broadcast_state_(module: nn.Module, src: int = 0) -> None:
    """Give the module of every rank the state of one rank's, in place.

    Ranks that begin with different parameters never become one model again, whatever gradients
    they share. The state is every parameter, a frozen one too, and every buffer: a non-persistent
    one too, which no `state_dict` has, and whatever its dtype is, int64 or bool perhaps. A tensor
    that the module has under two names, or as a parameter and a buffer, is sent once: each rank
    hands over no more elements, all calls together, than the module has.

    Args:
        module: has at least one parameter.
        src: the rank whose state the others get.

    Source: torch.distributed.broadcast; DistributedDataParallel does so when it is made.
    """
    raise NotImplementedError


def average_gradients_(params: Iterable[Tensor]) -> None:
    """Replace the values of each `.grad` by their mean over the ranks, in place.

    With batches of one size on all ranks, and a loss that is the mean over a batch, that is the
    gradient for the batches of all ranks together.

    Args:
        params: a `.grad` that is None is so on all ranks, and stays None. All may be None.

    Source: torch.distributed.all_reduce; Li et al., 2020, arXiv:2006.15704.
    """
    raise NotImplementedError


def average_uneven_gradients_(params: Iterable[Tensor], samples: int) -> None:
    """Leave the gradient of the mean loss over the samples of all ranks, of unequal batches too.

    On each rank `.grad` holds the gradient of the mean loss over that rank's own samples. Four
    samples there and two here: every sample is to count alike, and not every rank.

    Where `.grad` is None on some ranks and not on others, as one did not use the parameter, it
    counts as zero on those, and ends with values on all. Where it is None on all ranks, it stays
    None: weight decay would move a parameter that has a gradient of zeros. A `.grad` of zeros is
    none that is None. One that is there changes in place.

    Args:
        params: at least one, all of which the caller lists on every rank. They may be float16,
            which holds no number above 65504: a gradient times the samples may be too large for it.
        samples: this rank's number, perhaps another on each. It is 0 on a rank that has no data
            left and no gradients; some rank has at least one.

    Source: torch.distributed.algorithms.join tells why data are uneven.
    """
    raise NotImplementedError


def average_in_buckets_(params: Iterable[Tensor], bucket_bytes: int) -> int:
    """Replace each `.grad` by its mean over the ranks, in place, with few and large collectives.

    A collective takes a while to start, however few elements it has. So gradients are laid one
    after another into a flat tensor, a *bucket*, and each bucket is exchanged by one `all_reduce`.

    A bucket has gradients of one dtype. It has at most `bucket_bytes`, unless a single gradient is
    larger by itself, which then has a bucket of its own. There are no more buckets than if they
    were filled in the order of params, and a new one begun where a gradient has another dtype than
    the one before or has no room left.

    Args:
        params: of one or more dtypes. Here a `.grad` may be transposed, on one rank and not on
            another, and it keeps its layout; one that is None is so on all ranks, and stays None.
            All may be None.
        bucket_bytes: 0 or more.

    Returns:
        The number of collectives, which are all `all_reduce`.

    Source: Li et al., 2020, arXiv:2006.15704, gradient bucketing.
    """
    raise NotImplementedError


class GatherWithGradient(Function):
    """The rows of all ranks, with the gradient that all ranks have for them.

    A contrastive loss compares each sample with those of all ranks. So x, which has the same shape
    on each rank, is put together from all of them, `GatherWithGradient.apply(x)`; then each rank
    takes a loss of its own of the result. The gradient for x is that of the **sum** of the losses
    of all ranks: every rank has used these rows. Every rank runs backward, and it can be
    differentiated once: a second derivative raises, as `once_differentiable` has it.

    Args of apply:
        x: of one axis or more; it may have 0 rows. Here it may have any layout: transposed,
            strided, expanded. So may what comes in on the way back. Neither is written to.

    Returns:
        A tensor like x, but with (ranks · length of x) rows: those of rank 0, those of rank 1 and
        so on. With one rank, it may share the memory of x.

    Do without `torch.distributed.nn.functional`, which has such a function.

    Source: torch.distributed.all_gather, whose results have no graph.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Put the rows of all ranks one below the other."""
        raise NotImplementedError

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        """Add up what came in on all ranks, and return the part for this rank's rows."""
        raise NotImplementedError


def accumulate_and_sync_(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
) -> float:
    """Leave the gradient of the mean loss over all samples of all micro-batches of all ranks.

    Ranks may have different numbers of micro-batches, and these different sizes: every sample is to
    count alike. Gradients that are there at the start are dropped. Each micro-batch has a backward
    of its own, before the next is asked for; the ranks exchange nothing before the last of them is
    over, and then no more than (number of trainable parameters + 2) collectives. No hook stays.

    Args:
        model: treats each sample on its own. Each trainable parameter gets a gradient in every
            backward, and counts once if it has two names. Frozen ones end with None.
        loss_fn: takes the model's output and y, in this order, and returns the 0-d mean over their
            samples.
        batches: this rank's pairs (x, y), at least one, each of at least one sample, which axis 0
            counts. A list or a generator, so that their number is not known beforehand. Where the
            caller's grad mode is on, it is on inside a generator too.

    Returns:
        The mean loss over all samples of all ranks, the same on each. The losses of micro-batches
        are weighted and added up in float64, within a rank and across ranks.

    Source: DistributedDataParallel.no_sync.
    """
    raise NotImplementedError


def average_in_backward_(params: Iterable[Tensor]) -> Callable[[], None]:
    """Let the ranks exchange each gradient while backward still computes the others.

    Afterwards each backward begins, as soon as the gradient of a parameter is complete, with the
    sum of that `.grad` over the ranks, without waiting for it: backward itself waits for nothing.
    The function that is returned, called after each backward, waits for what has begun, and leaves
    the mean over the ranks in each `.grad`, in place.

    Args:
        params: here a tensor may be listed twice, and counts once. A frozen one is skipped. All
            others get a gradient in every backward, on all ranks in the same order.

    Returns:
        A function without arguments. Called where there was no backward since the last time, it
        changes nothing.

    Source: Li et al., 2020, arXiv:2006.15704; torch.Tensor.register_post_accumulate_grad_hook.
    """
    raise NotImplementedError


class Steps(Protocol):
    """What an optimizer is here: a thing with a method `step`."""

    step: Callable[[], object]


class ShardedOptimizer:
    """An optimizer whose state lies in parts on the ranks: each keeps that of its own parameters.

    Adam keeps two numbers for each parameter, on every rank the same. Here each parameter belongs
    to one rank, which alone has an optimizer for it; of n parameters at most ⌈n / ranks⌉ belong to
    the same rank.

    Args:
        params: their values are the same on all ranks, and so are their gradients at each step. A
            frozen one belongs to a rank too, and may be unfrozen later. The caller may change a
            list of them afterwards.
        make_optimizer: takes a list of parameters and returns an optimizer, a thing with a method
            `step()`. It is called once on each rank that has parameters, when this here is made,
            with all that are the rank's own, and never with none: no optimizer takes an empty list.
            Its `step()` may be called in either grad mode.

    Source: Rajbhandari et al., 2020, arXiv:1910.02054, stage 1.
    """

    def __init__(
        self, params: Iterable[Tensor], make_optimizer: Callable[[list[Tensor]], Steps]
    ) -> None:
        """Choose to whom each parameter belongs, and make the optimizer of this rank."""
        raise NotImplementedError

    def step(self) -> None:
        """Take a step with what is the rank's own, and send it to all.

        Afterwards the parameters of every rank are what one optimizer for all of them would have
        made, in place. Gradients stay as they are.
        """
        raise NotImplementedError
