"""A picture of what is in memory while your functions run, measured operation by operation."""

import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import memory
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

LAYERS = 12
SIZE = 128


def memory_over_time() -> Figure:
    """Draw how many activations are alive in a forward and a backward pass, kept and not."""
    torch.manual_seed(0)
    layers = [nn.Sequential(nn.Linear(SIZE, SIZE), nn.Tanh()) for _ in range(LAYERS)]
    x = torch.randn(SIZE, SIZE)
    figure = Figure(figsize=(8, 4), layout="constrained", facecolor="white")
    axes = figure.subplots()
    for label, style, forward in (
        ("everything kept", "C0", nn.Sequential(*layers)),
        ("checkpoint_chain, 2 segments", "C2", lambda x: memory.checkpoint_chain(layers, x, 2)),
        ("checkpoint_chain, 4 segments", "C1", lambda x: memory.checkpoint_chain(layers, x, 4)),
    ):
        for p in nn.ModuleList(layers).parameters():
            p.grad = torch.zeros_like(p)
        alive, turn = _alive_over_time(forward, x.clone().requires_grad_())
        unit = x.untyped_storage().nbytes()
        times = [(n - turn) / turn for n in range(len(alive))]
        axes.plot(times, [n / unit for n in alive], style, drawstyle="steps-post", label=label)
    axes.axvline(0, color="0.5", linestyle=":", linewidth=1)
    axes.annotate("forward ", (0, 14.8), ha="right", color="0.3")
    axes.annotate(" backward", (0, 14.8), color="0.3")
    axes.set(xticks=[], yticks=range(0, 16, 3), ylim=(0, 16))
    axes.set_xlabel("operation after operation (forward passes drawn equally long)")
    axes.set_ylabel("alive, in activations of one layer")
    axes.set_title(f"What {LAYERS} layers hold", fontsize=11)
    axes.legend(loc="upper right", fontsize="small")
    return figure


class _Watch(TorchDispatchMode):
    """Counts the bytes that came to be since it began and still are, after each operation."""

    def __init__(self) -> None:
        super().__init__()
        self.alive, self.history, self.known = 0, [0], weakref.WeakSet()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        # What was there before, such as weights, is not counted.
        self.known.update(value.untyped_storage() for value in _tensors(args))
        result = func(*args, **(kwargs or {}))
        for value in _tensors([result]):
            self._note(value.untyped_storage())
        self.history.append(self.alive)
        return result

    def _note(self, storage: torch.UntypedStorage) -> None:
        if storage not in self.known:
            self.known.add(storage)
            self.alive += storage.nbytes()
            weakref.finalize(storage, self._lost, storage.nbytes())

    def _lost(self, size: int) -> None:
        self.alive -= size


def _tensors(values: Iterable[Any]) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple | list):
            yield from _tensors(value)


def _alive_over_time(forward: Callable[[Tensor], Tensor], x: Tensor) -> tuple[list[int], int]:
    """Return the bytes alive after each operation, and at which of them backward begins."""
    watch = _Watch()
    with watch:
        loss = forward(x).sum()
        turn = len(watch.history)
        loss.backward()
    return watch.history, turn
