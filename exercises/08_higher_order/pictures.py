"""Pictures drawn from what the functions of this exercise return."""

import higher_order
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

STEPS = 1500


def taylor_and_penalty() -> Figure:
    """Draw how Taylor polynomials close in on a function, and what a penalty makes of a critic."""
    figure = Figure(figsize=(9, 3.6), layout="constrained", facecolor="white")
    left, right = figure.subplots(1, 2)
    _draw_taylor(left)
    _draw_penalty(right)
    return figure


def _draw_taylor(axes: Axes) -> None:
    xs = torch.linspace(-7, 7, 141, dtype=torch.float64)
    axes.plot(xs.tolist(), xs.sin().tolist(), "k", linewidth=2, label="sin x")
    coefficients = higher_order.taylor_coefficients(torch.sin, 0.0, 13)
    for number, order in enumerate((1, 3, 7, 13)):
        heights = sum(c * xs**k for k, c in enumerate(coefficients[: order + 1]))
        axes.plot(xs.tolist(), heights.tolist(), f"C{number}", linewidth=1, label=f"order {order}")
    axes.set(ylim=(-2.5, 3), xlabel="x")
    axes.set_title("taylor_coefficients of sin around 0", fontsize=11)
    axes.legend(loc="upper center", fontsize="x-small", ncols=3)


def _draw_penalty(axes: Axes) -> None:
    generator = torch.Generator().manual_seed(3)
    shapes = (1, 24), (24,), (24, 1)
    params = [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]
    params[0] *= 2
    params[2] /= 2
    xs = torch.linspace(-3, 3, 121, dtype=torch.float64)[:, None]
    _draw_critic(axes, params, xs, "0.6", "before")
    for p in params:
        p.requires_grad_()
    for _ in range(STEPS):
        penalty = higher_order.gradient_penalty(lambda x: _critic(params, x), xs)
        with torch.no_grad():
            for p, grad in zip(params, torch.autograd.grad(penalty, params), strict=True):
                p -= 0.03 * grad
    _draw_critic(axes, params, xs, "C0", f"after {STEPS} steps")
    axes.plot([-2.5, -1.5], [-2.8, -1.8], "C1--", linewidth=1, label="a slope of 1")
    axes.set(ylim=(-3.5, 2), xlabel="x", ylabel="critic(x)")
    axes.set_title("gradient_penalty alone: slopes go to ±1", fontsize=11)
    axes.legend(loc="lower right", fontsize="small")


def _critic(params: list[Tensor], x: Tensor) -> Tensor:
    weight, bias, out = params
    return torch.tanh(x @ weight + bias) @ out


def _draw_critic(axes: Axes, params: list[Tensor], xs: Tensor, color: str, label: str) -> None:
    heights = _critic(params, xs).detach().flatten().tolist()
    axes.plot(xs.flatten().tolist(), heights, color, label=label)
