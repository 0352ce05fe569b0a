"""Pictures drawn from what the functions of this exercise return."""

from collections.abc import Callable
from typing import Any

import data_parallel
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from gradkata.checks import begun, run_ranks, waited

RANKS, LAYERS, WIDTH = 3, 3, 4

# What happened, how many collectives had begun by then, and for how many somebody had waited.
Event = tuple[str, int, int]


def overlap() -> Figure:
    """Draw, of each rank, the backward of each layer and the collectives beside it."""
    axes = (figure := Figure(figsize=(7, 4.5), layout="constrained", facecolor="white")).subplots()
    for rank, events in enumerate(run_ranks(RANKS, _events).results):
        names = [name for name, _, _ in events]
        layers = [i for i, name in enumerate(names) if name.startswith("layer")]
        ends = [*layers[1:], names.index("backward is over")]
        for begin, end in zip(layers, ends, strict=True):
            _bar(axes, rank - 0.25, begin, end, "C0", names[begin])
        for number in range(events[-1][1]):
            begin = next(i for i, (_, count, _) in enumerate(events) if count > number)
            end = next((i for i, (_, _, done) in enumerate(events) if done > number), len(events))
            place = rank + 0.05 + 0.15 * number
            _bar(axes, place, begin, end, "C1", names[begin], width=0.13)
        last = names.index("backward is over")
        axes.plot(
            [rank - 0.45, rank + 0.45], [last, last], color="0.3", linestyle="--", linewidth=1
        )
    axes.invert_yaxis()
    axes.set_xticks(range(RANKS), [f"rank {rank}" for rank in range(RANKS)])
    axes.set_yticks([])
    axes.set_ylabel("time")
    axes.set_title("Backward of each layer, and the sums of gradients; dashed: backward is over")
    return figure


def _bar(
    axes: Any, x: float, begin: int, end: int, color: str, text: str, width: float = 0.35
) -> None:
    axes.bar(x, end - begin, width=width, bottom=begin, color=color, edgecolor="white")
    middle = (begin + end) / 2
    rotation = "vertical" if width < 0.2 else "horizontal"
    axes.text(x, middle, text, ha="center", va="center", rotation=rotation, fontsize="small")


def _events(rank: int) -> list[Event]:
    """Run one backward, and note what happens."""
    weights = [torch.full((WIDTH, WIDTH), 0.1 * (rank + 1)) for _ in range(LAYERS)]
    params = [nn.Parameter(weight) for weight in weights]
    finish = data_parallel.average_in_backward_(params)
    events: list[Event] = []

    def note(name: str) -> None:
        events.append((name, begun(), waited()))

    h = torch.ones(2, WIDTH)
    for number, p in enumerate(params, start=1):
        h = (h @ p).tanh()
        h.register_hook(_noting(note, f"layer {number}"))
        p.register_post_accumulate_grad_hook(_noting(note, f"gradient {number}"))
    h.sum().backward()
    note("backward is over")
    finish()
    note("the means are there")
    return events


def _noting(note: Callable[[str], None], name: str) -> Callable[[Tensor], None]:
    def hook(_: Tensor) -> None:
        note(name)

    return hook
