"""Put gradients to work: train, evaluate, survive a bad batch, save memory, average, and fit.

For all functions here:

- `batches` is an iterable of pairs `(x, y)`, such as a list or a generator. The first axis of x and
  of y runs over the samples of the batch, at least one; batches may differ in size.
- The model takes x; `loss_fn(model(x), y)`, in this order, is a 0-d tensor, the mean over the
  samples of the batch.
- A model that is trained here has neither dropout nor batch norm. Some of its parameters may be
  frozen, and some not used by the loss.
- An optimizer is one of torch.optim that holds all parameters of the model and no others, and whose
  `step` needs no closure.
- What `.grad` holds at entry is stale and moves nothing, no parameter without a gradient either.
  What it holds at the end is free unless the task says otherwise. Gradients may be cleared to None
  or to zeros; but where `.grad` is None and no gradient comes, it stays None, so that neither
  momentum nor weight decay moves the parameter.
- An error that the model, the loss, its backward or `batches` raises passes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Batches = Iterable[tuple[Tensor, Tensor]]
LossFn = Callable[[Tensor, Tensor], Tensor]


def train_epoch(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss_fn: LossFn, batches: Batches
) -> float:
    """Train for one epoch: one step of the optimizer for each batch, in their order.

    A batch with an infinite loss has its step too. Each step follows the gradient of its own batch
    and of nothing else. Every submodule runs in the mode, train or eval, in which it is, and stays
    in it: loops elsewhere often begin with `model.train()`, here the caller has chosen the mode.

    Args:
        model: what to train.
        optimizer: holds the model's parameters.
        loss_fn: the mean loss of a batch.
        batches: the batches, each to be used once.

    Returns:
        The mean loss per sample, over all samples of the epoch, as a Python float. The loss of a
        batch is the one before the step on it.

    Raises:
        ValueError: if there is no batch.

    Source: "Optimizing Model Parameters" in the PyTorch tutorials.
    """
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    if count == 0:
        raise ValueError("no data: there is no batch to train on")
    return total / count


def evaluate(model: nn.Module, batches: Batches) -> float:
    """Return the accuracy of a classifier: the share of samples that it gets right.

    The model runs in eval mode, and no graph is recorded; whether `batches` may record is free.
    Afterwards the attribute `training` of every submodule is what it was before, whatever the modes
    of the others are, and torch's grad mode is; also when an error is raised, be it that of Ctrl-C,
    no `Exception`. Parameters, their `.grad` and buffers stay as they were found.

    Args:
        model: gives scores of shape (n, classes) for a batch of n samples; the largest score of a
            row, which no other equals, however close it is, is the answer. In eval mode it edits no
            buffer.
        batches: here y is int64, shape (n,): the right class of each sample.

    Returns:
        A Python float in [0, 1].

    Raises:
        ValueError: if there is no batch.

    Source: torch.nn.Module.eval; the mode of a module is its attribute `training`.
    """
    modes = [(module, module.training) for module in model.modules()]
    right = count = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                right += int((model(x).argmax(1) == y).sum())
                count += len(y)
    finally:
        for module, training in modes:
            module.training = training
    if count == 0:
        raise ValueError("no data: there is no batch to evaluate on")
    return right / count


@dataclass(frozen=True)
class StepReport:
    """What `safe_step` has seen and done.

    Attributes:
        norm: the 2-norm of the whole gradient, before clipping.
        stepped: whether the optimizer took its step.
    """

    norm: float
    stepped: bool


def safe_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, max_norm: float
) -> StepReport:
    """Take one step, unless the gradient is broken.

    Stale gradients are dropped, the loss is back-propagated, and the gradients of all the model's
    parameters together are clipped to the 2-norm `max_norm`, with the factor max_norm / norm or
    torch's max_norm / (norm + 1e-6), but at most 1. If their norm before clipping is finite, 0
    included, the optimizer steps. If it is infinite or NaN, nothing moves: parameters and the
    optimizer's state stay as they were, and every `.grad` ends as None or zeros, so that the broken
    gradient reaches no later step. The norm decides, not the loss: a finite loss may have a NaN
    gradient, and an infinite one a sound gradient.

    Args:
        model: what to train.
        optimizer: holds the model's parameters.
        loss: 0-d; at least one parameter gets a gradient from it.
        max_norm: the largest norm to step with; positive.

    Returns:
        The norm before clipping as a Python float, infinite or NaN if the gradient is, and
        whether the step was taken. The norm may be computed in float64 or in the gradients' dtype,
        where it can overflow.

    Source: torch.nn.utils.clip_grad_norm_, which may be used, and which returns the norm.
    """
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    stepped = bool(norm.isfinite())
    if stepped:
        optimizer.step()
    else:
        optimizer.zero_grad()
    return StepReport(norm.item(), stepped)


def train_accumulated(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: LossFn,
    batches: Batches,
    every: int,
) -> int:
    """Train for one epoch with one step for every few micro-batches.

    A group is `every` micro-batches in a row; the last group has what is left over, and counts
    as well. Each step moves the model as one batch made of the whole group would: it follows the
    gradient of the mean loss over all samples of the group, however unevenly they are spread over
    the micro-batches, and nothing older. The model sees each micro-batch by itself, once: that is
    what saves memory. The micro-batches of a group may be held in a list.

    Args:
        model: what to train.
        optimizer: holds the model's parameters; `step` is called once for each group.
        loss_fn: the mean loss of a batch.
        batches: the micro-batches; there may be none.
        every: how many make a step, at least 1; it may exceed their number.

    Returns:
        The number of steps taken; 0 without data.

    Raises:
        ValueError: if `every` is less than 1, with data or without; the message names its value.

    Source: "Gradient accumulation" in the automatic mixed precision examples of the PyTorch notes,
    which assumes micro-batches of one size.
    """
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * (len(y) / samples)).backward()
        optimizer.step()
        steps += 1
    return steps


def train_mixed(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: LossFn,
    batches: Batches,
    *,
    device: torch.device,
    scaler: torch.amp.GradScaler,
) -> float:
    """Train for one epoch in mixed precision: one step of the optimizer for each batch.

    The model computes under autocast, in its default dtype: bfloat16 on a CPU, float16 on CUDA.
    The parameters are float32 and stay so. The loss must be float32: compute it under autocast too,
    where torch's losses see to that, or from `output.float()`. Backward runs outside autocast, on
    the scaled loss. The scaler decides about each step and is updated after
    each batch, so that a batch whose gradient is not finite moves nothing but the scale. Each step
    follows the gradient of its own batch and of nothing else.

    Args:
        model: in float32, on `device` already.
        optimizer: holds the model's parameters.
        loss_fn: the mean loss of a batch.
        batches: at least one. x is float32, y float32 or int64; they may lie on another device:
            move both to `device`.
        device: where to compute; its `type` is `cpu` or `cuda`.
        scaler: for that type of device, enabled.

    Returns:
        The mean loss per sample, not scaled, over all samples of the epoch, as a Python float. The
        loss of a batch is the one before the step on it. A batch that the scaler skips counts too,
        so the mean may be infinite or NaN.

    Source: "Automatic Mixed Precision examples" in the PyTorch notes; torch.autocast,
    torch.amp.GradScaler.
    """
    total, count = 0.0, 0
    for batch in batches:
        x, y = (t.to(device) for t in batch)
        optimizer.zero_grad()
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count


def update_average_(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move a running average of a model one step towards the model's present weights, in place.

    - Every parameter, frozen ones too, and every floating buffer, those outside the `state_dict`
      too, becomes decay · (its old value) + (1 − decay) · (the model's value).
    - Every other buffer, such as the integer count of a batch norm, is copied.
    - A tensor that appears under two names (tied weights, a shared buffer) is averaged once.
    - The average's tensors stay the same objects in the same memory, get no graph, and keep their
      `requires_grad`.
    - The model stays as it was found.

    Args:
        average: began as a deep copy of the model, and so has the same parameters and buffers in
            the same order, and shares none with it. No value in either is infinite or NaN.
        model: the one that is trained.
        decay: the share of the old value; the closer to 1, the longer the memory. It is always in
            [0, 1] and needs no check.

    Source: Polyak and Juditsky, 1992, "Acceleration of stochastic approximation by averaging";
    torch.optim.swa_utils.AveragedModel.
    """
    with torch.no_grad():
        for old, new in zip(average.parameters(), model.parameters(), strict=True):
            old.lerp_(new, 1 - decay)
        for kept, present in zip(average.buffers(), model.buffers(), strict=True):
            if kept.is_floating_point():
                kept.lerp_(present, 1 - decay)
            else:
                kept.copy_(present)


def fit_digits(
    model: nn.Module,
    train: tuple[Tensor, Tensor],
    test: tuple[Tensor, Tensor],
    *,
    epochs: int,
    generator: torch.Generator,
) -> list[float]:
    """Train a classifier of handwritten digits, and report how well it does after each epoch.

    The optimizer, its learning rate and the size of the batches are yours to choose. The choice is
    good enough if an MLP with 64 inputs, 128 hidden units and 10 outputs classifies at least 95 %
    of the digits that the lesson holds back correctly after at least one of 15 epochs.

    An epoch goes once through every image of `train`, in batches, in a new random order, and the
    model sees the images as they are. All randomness comes from `generator`: the same model, data
    and generator state give the same history and the same weights. `test` is only looked at: each
    accuracy is computed without recording a graph, and no number taken from `test` has any effect
    on the weights. All `epochs` are run, however good the model is by then.

    Args:
        model: takes images of shape (n, 64) and gives scores of shape (n, 10). It is trained in
            place; its mode at the end, train or eval, is free.
        train: `(pixels, labels)`, float32 of shape (n, 64) with values in [0, 1], and int64 of
            shape (n,) with values from 0 to 9, on the model's device. Both stay as they were found.
        test: likewise.
        epochs: how many; 0 gives an empty list.
        generator: a CPU generator, wherever the model is.

    Returns:
        For each epoch the accuracy on `test` after it, a Python float in [0, 1].

    Source: Kingma and Ba, 2015, arXiv:1412.6980 (Adam); torch.randperm, torch.nn.functional.
    """
    pixels, labels = train
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = []
    for _ in range(epochs):
        for batch in torch.randperm(len(labels), generator=generator).split(32):
            optimizer.zero_grad()
            F.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = model(test[0]).argmax(1) == test[1]
        history.append(right.double().mean().item())
    return history
