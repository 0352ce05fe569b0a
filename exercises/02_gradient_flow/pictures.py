"""Pictures drawn from what the functions of this exercise leave in `.grad`."""

import gradient_flow
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

STEPS = 12
KEEPS = 0.7


def what_adds_up_and_where_it_ends() -> Figure:
    """Draw `.grad` after one loss and after several, and how far back a chunk's loss reaches."""
    figure = Figure(figsize=(9, 3.6), layout="constrained", facecolor="white")
    left, right = figure.subplots(1, 2, width_ratios=(2, 3))
    _draw_sums(left)
    _draw_chunks(right)
    return figure


def _draw_sums(axes: Axes) -> None:
    w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    slopes = [2.0, 1.0, -0.5, 1.5]
    losses = [lambda slope=slope: slope * w for slope in slopes]
    alone, together = [], []
    for number in range(len(losses)):
        gradient_flow.accumulate_([w], losses[number : number + 1])
        alone.append(w.grad.item())
        gradient_flow.accumulate_([w], losses[: number + 1])
        together.append(w.grad.item())
    counts = list(range(1, len(losses) + 1))
    axes.bar(counts, alone, color="C1", width=0.5, label="of this loss alone")
    axes.plot(counts, together, "C0o-", label="of all up to here: what .grad holds")
    axes.axhline(0, color="0.6", linewidth=0.8)
    axes.set(xticks=counts, xlabel="backward of loss number", ylabel="gradient")
    axes.set_ylim(-1, 6.5)
    axes.set_title("accumulate_: gradients add up", fontsize=11)
    axes.legend(loc="upper left", fontsize="small")


def _draw_chunks(axes: Axes) -> None:
    times = list(range(STEPS))
    for every, style in ((STEPS, "C0s--"), (4, "C1o-")):
        # A weight of its own for each time tells how much of the gradient comes back to it.
        weights = torch.ones(STEPS, dtype=torch.float64, requires_grad=True)

        def step(x, h, weights=weights):
            return KEEPS * h + weights[int(x)]

        h0 = torch.zeros((), dtype=torch.float64)
        gradient_flow.truncated_backward_(step, h0, torch.arange(STEPS), lambda h: h, every)
        axes.plot(times, weights.grad.tolist(), style, markersize=4, label=f"every={every}")
    for cut in range(4, STEPS, 4):
        axes.axvline(cut - 0.5, color="C1", linestyle=":", linewidth=1)
    axes.set(xlabel="input number", ylabel="gradient that comes back to it")
    axes.set_title(f"truncated_backward_, h ← {KEEPS}·h + w: cut at the dotted lines", fontsize=11)
    axes.set_ylim(0, 1.35)
    axes.legend(loc="upper left", fontsize="small", ncols=2)
