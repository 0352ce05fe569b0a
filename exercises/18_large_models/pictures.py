"""Pictures drawn from what the functions of this exercise return."""

from collections.abc import Callable
from typing import Any

import large_models
import torch
from matplotlib.figure import Figure
from torch import Tensor
from torch.nn import functional as F

from gradkata.checks import watch_storages

ROWS, DEPTH, CLASSES, CHUNK = 300, 4, 50, 8


def elements_alive() -> Figure:
    """Draw how many elements are alive over the operations of a plain and of a chunked loss."""
    axes = (figure := Figure(figsize=(7, 4), layout="constrained", facecolor="white")).subplots()
    for name, loss, style in (
        ("cross_entropy of all logits", _plain, "C1"),
        (f"chunked_cross_entropy, {CHUNK} rows at a time", _chunked, "C0"),
    ):
        counts = _alive(loss)
        share = [100 * i / (len(counts) - 1) for i in range(len(counts))]
        axes.plot(share, counts, style, label=name, linewidth=1)
    axes.axhline(ROWS * CLASSES, color="0.5", linestyle="--", linewidth=1)
    axes.annotate("all logits", (0, ROWS * CLASSES), va="bottom", color="0.3")
    axes.set_xlabel("operations of forward and backward (%)")
    axes.set_ylabel("elements alive")
    axes.set_title(f"A loss of {ROWS} rows and {CLASSES} classes")
    axes.legend(loc="upper left", fontsize="small")
    return figure


def _plain(x: Tensor, weight: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(x @ weight.T, y)


def _chunked(x: Tensor, weight: Tensor, y: Tensor) -> Tensor:
    return large_models.chunked_cross_entropy(x, weight, y, CHUNK)


def _alive(loss: Callable[[Tensor, Tensor, Tensor], Tensor]) -> list[int]:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(ROWS, DEPTH, generator=generator, requires_grad=True)
    weight = torch.randn(CLASSES, DEPTH, generator=generator, requires_grad=True)
    y = torch.arange(ROWS) % CLASSES
    with _Count() as count:
        gradients = torch.autograd.grad(loss(x, weight, y), (x, weight))
    del gradients
    return count.counts


class _Count(watch_storages):
    """Counts, after each operation, the elements that are alive of what was made."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: list[int] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = super().__torch_dispatch__(func, types, args, kwargs)
        self.counts.append(sum(self.living()) // 4)  # bytes of float32
        return result
