"""Pictures drawn from what the functions of this exercise make of gradients."""

import math
from collections.abc import Callable

import gradient_clipping
import torch
from matplotlib.figure import Figure
from torch import Tensor

BOUND = 1.0


def before_and_after_each_clip() -> Figure:
    """Draw gradients of two elements before and after each of four clips, and its bound."""
    figure = Figure(figsize=(10, 3.1), layout="constrained", facecolor="white")
    circle = [(math.cos(k / 40 * math.tau), math.sin(k / 40 * math.tau)) for k in range(41)]
    panels = (
        ("clip_grad_norm_", "one factor for all", _by_norm, circle),
        ("clip_grad_value_", "each element by itself", _by_value, _box(BOUND, BOUND)),
        ("clip_per_group_", "bounds 1.5 and 0.5", _by_group, _box(1.5, 0.5)),
        ("adaptive_clip_", "|w| is 0.6 and 1.4", _by_weight, _box(0.6, 1.4)),
    )
    for axes, (name, how, clip, border) in zip(figure.subplots(1, 4), panels, strict=True):
        axes.plot(*zip(*border, strict=True), "C0", linewidth=1)
        for before in _gradients():
            x, y = before.tolist()
            to_x, to_y = clip(before.clone()).tolist()
            axes.plot([0, x], [0, y], color="0.8", linewidth=1)
            axes.plot([x, to_x], [y, to_y], "C1:", linewidth=1)
            axes.plot(x, y, "o", color="0.6", markersize=3)
            axes.plot(to_x, to_y, "C1o", markersize=4)
        axes.set(aspect="equal", xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), xticks=[-1, 1], yticks=[-1, 1])
        axes.set_title(name, fontsize=10)
        axes.set_xlabel(how, fontsize=9)
    return figure


def _box(x: float, y: float) -> list[tuple[float, float]]:
    return [(x, y), (-x, y), (-x, -y), (x, -y), (x, y)]


def _gradients() -> list[Tensor]:
    """Return gradients in ten directions, every other one short."""
    angles = [(k + 0.3) / 10 * math.tau for k in range(10)]
    lengths = [2.0, 0.5] * 5
    pairs = [(r * math.cos(a), r * math.sin(a)) for r, a in zip(lengths, angles, strict=True)]
    return [torch.tensor(pair, dtype=torch.float64) for pair in pairs]


def _clipped(clip: Callable[[list[Tensor]], object], grad: Tensor, *weights: float) -> Tensor:
    """Return a gradient as it is after a clip, each element that of a parameter of its own."""
    params = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in weights or (1, 1)]
    for p, element in zip(params, grad, strict=True):
        p.grad = element.clone()
    clip(params)
    return torch.stack([p.grad for p in params])


def _by_norm(grad: Tensor) -> Tensor:
    return _clipped(lambda params: gradient_clipping.clip_grad_norm_(params, BOUND), grad)


def _by_value(grad: Tensor) -> Tensor:
    return _clipped(lambda params: gradient_clipping.clip_grad_value_(params, BOUND), grad)


def _by_group(grad: Tensor) -> Tensor:
    def clip(params: list[Tensor]) -> None:
        optimizer = torch.optim.SGD([{"params": [p]} for p in params], lr=0.1)
        gradient_clipping.clip_per_group_(optimizer, [1.5, 0.5])

    return _clipped(clip, grad)


def _by_weight(grad: Tensor) -> Tensor:
    return _clipped(lambda p: gradient_clipping.adaptive_clip_(p, clipping=1.0), grad, 0.6, 1.4)
