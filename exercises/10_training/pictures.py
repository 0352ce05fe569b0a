"""Learning curves: your loops, and beside them the mistakes that this exercise is about."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import training
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.nn import functional as F

EPOCHS = 12
BROKEN = 5
Batches = list[tuple[Tensor, Tensor]]


def right_and_wrong_loops() -> Figure:
    """Draw the accuracy on digits held back, after each epoch, of right loops and wrong ones."""
    figure = Figure(figsize=(9, 3.8), layout="constrained", facecolor="white")
    left, right = figure.subplots(1, 2, sharey=True)
    _draw(left, "train_epoch", "C0o-", _train_epoch)
    _draw(left, "gradients are never cleared", "C1s--", _never_cleared)
    _draw(left, "cleared between backward and step", "C3^--", _cleared_too_late)
    left.set_title("One step: clear, compute, back-propagate, move", fontsize=11)
    _draw(right, "safe_step", "C0o-", _safe_step)
    _draw(right, "every step is taken", "C3^--", _step_always)
    right.axvline(BROKEN, color="0.5", linestyle=":", linewidth=1)
    right.set_title(f"Epoch {BROKEN} has one batch with an infinite pixel", fontsize=11)
    for axes in (left, right):
        axes.axhline(0.1, color="0.8", linewidth=0.8)
        axes.set(xlabel="epoch", ylim=(0, 1), xticks=range(0, EPOCHS + 1, 3))
        axes.legend(loc="center right", fontsize="small")
    left.set_ylabel("accuracy")
    return figure


def _draw(axes: Axes, label: str, style: str, epoch: Callable[..., object]) -> None:
    with np.load(Path(__file__).with_name("digits.npz")) as file:
        pixels = torch.from_numpy(file["pixels"]).flatten(1).float() / 16
        labels = torch.from_numpy(file["labels"]).long()
    held_back = torch.arange(len(labels)) % 5 == 0
    train, test = (pixels[~held_back], labels[~held_back]), (pixels[held_back], labels[held_back])
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    history = [training.evaluate(model, [test])]
    for number in range(1, EPOCHS + 1):
        order = torch.randperm(len(train[1]))
        batches = [(train[0][some], train[1][some]) for some in order.split(32)]
        epoch(model, optimizer, batches, number)
        history.append(training.evaluate(model, [test]))
    axes.plot(range(EPOCHS + 1), history, style, markersize=4, linewidth=1.2, label=label)


def _train_epoch(
    model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches, _: int
) -> None:
    training.train_epoch(model, optimizer, F.cross_entropy, batches)


def _never_cleared(
    model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches, _: int
) -> None:
    for x, y in batches:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def _cleared_too_late(
    model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches, _: int
) -> None:
    for x, y in batches:
        F.cross_entropy(model(x), y).backward()
        optimizer.zero_grad()
        optimizer.step()


def _with_a_broken_one(batches: Batches, number: int) -> Batches:
    if number == BROKEN:
        batches[0][0][0, 0] = float("inf")
    return batches


def _safe_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches, number: int
) -> None:
    for x, y in _with_a_broken_one(batches, number):
        training.safe_step(model, optimizer, F.cross_entropy(model(x), y), max_norm=100.0)


def _step_always(
    model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches, number: int
) -> None:
    for x, y in _with_a_broken_one(batches, number):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
