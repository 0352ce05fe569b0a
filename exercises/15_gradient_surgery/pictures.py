"""Pictures drawn from what the functions of this exercise return."""

import gradient_surgery
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def two_slopes() -> Figure:
    """Draw what Binarize gives and what backward pretends, and the slope of a masked root."""
    figure = Figure(figsize=(8, 3.5), layout="constrained", facecolor="white")
    left, right = figure.subplots(1, 2)
    _draw_binarize(left)
    _draw_root(right)
    return figure


def _draw_binarize(axes: Axes) -> None:
    x = torch.linspace(-2, 2, 402, dtype=torch.float64, requires_grad=True)
    y = gradient_surgery.Binarize.apply(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    axes.plot(*_numbers(x, y), "C0", label="Binarize.apply(x)")
    axes.plot(*_numbers(x, slope), "C1--", label="the slope that backward pretends")
    axes.set_xlabel("x")
    axes.set_title("A sign to learn through")
    axes.legend(loc="lower right", fontsize="small")


def _draw_root(axes: Axes) -> None:
    x = torch.linspace(-1, 2, 121, dtype=torch.float64, requires_grad=True)
    mask = x > 0
    y = gradient_surgery.masked_apply(torch.sqrt, x, mask, 0.0, 1.0)
    (slope,) = torch.autograd.grad(y.sum(), x)
    single = torch.where(mask, x.sqrt(), 0.0)
    (broken,) = torch.autograd.grad(single.sum(), x)
    lost = broken.isnan()
    axes.plot(*_numbers(x[mask], slope[mask]), "C0", label="masked_apply")
    axes.plot(*_numbers(x[~mask], slope[~mask]), "C0")
    axes.plot(*_numbers(x[lost], slope[lost]), "C3x", markevery=5, label="NaN by a single where")
    axes.set_xlabel("x")
    axes.set_ylim(-0.5, 5)
    axes.set_title("The slope of √x, masked where x ≤ 0")
    axes.legend(loc="upper right", fontsize="small")


def _numbers(*tensors: torch.Tensor) -> list[list[float]]:
    return [tensor.tolist() for tensor in tensors]
