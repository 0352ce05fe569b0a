"""A picture of what one of your functions does on its way forward and back."""

import custom_function
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor


def there_and_back() -> Figure:
    """Draw Sigmoid on its graph: what goes forward, what is saved, and what comes back."""
    x = torch.tensor([-2.0, 0.0, 1.0], dtype=torch.float64, requires_grad=True)
    weights = torch.tensor([1.0, 4.0, -2.0], dtype=torch.float64)
    y = custom_function.Sigmoid.apply(x)
    loss = (weights * y).sum()
    grad_output, grad_x = torch.autograd.grad(loss, (y, x))
    figure = Figure(figsize=(9, 3.2), layout="constrained", facecolor="white")
    axes = figure.subplots()
    boxes = ((0.1, f"x\n{_row(x)}"), (0.54, f"y\n{_row(y)}"), (0.92, f"loss\n{loss.item():.2f}"))
    for at, words in boxes:
        _box(axes, at, 0.76, words, "C0")
    _box(axes, 0.54, 0.12, f"grad_output\n{_row(grad_output)}", "C1")
    _box(axes, 0.1, 0.12, f"gradient for x\n{_row(grad_x)}", "C1")
    _arrow(axes, (0.23, 0.76), (0.41, 0.76), "C0", "forward\n1/(1 + e⁻ˣ)")
    _arrow(axes, (0.67, 0.76), (0.86, 0.76), "C0", "Σ w·y, w = (1, 4, −2)")
    _arrow(axes, (0.92, 0.6), (0.67, 0.12), "C1", "")
    _arrow(axes, (0.41, 0.12), (0.23, 0.12), "C1", "backward\ngrad_output times the slope")
    _arrow(axes, (0.5, 0.6), (0.36, 0.32), "0.5", "")
    axes.text(0.5, 0.45, "ctx.save_for_backward(y)", color="0.4", fontsize=9)
    axes.text(0.86, 0.3, "∂loss/∂y", color="C1", fontsize=9)
    axes.set(xlim=(-0.04, 1), ylim=(0, 1))
    axes.set_axis_off()
    axes.set_title("Sigmoid there and back, on three numbers", fontsize=11)
    return figure


def _row(tensor: Tensor) -> str:
    return "  ".join(f"{number:.2f}".replace("-", "−") for number in tensor.tolist())


def _box(axes: Axes, x: float, y: float, words: str, color: str) -> None:
    frame = {"boxstyle": "round,pad=0.6", "facecolor": "white", "edgecolor": color}
    axes.text(x, y, words, bbox=frame, fontsize=10, ha="center", va="center", linespacing=1.6)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str, words: str
) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.4}
    axes.annotate("", end, start, arrowprops=style)
    middle = (start[0] + end[0]) / 2, start[1] + 0.05
    axes.text(*middle, words, color=color, fontsize=9, ha="center", va="bottom")
