"""Pictures drawn from what the functions of this exercise return, and how they come by it."""

from collections.abc import Callable

import jacobian_hessian
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from gradkata.checks import counted_passes

INPUTS, OUTPUTS = 5, 3


def products_and_what_they_cost() -> Figure:
    """Draw J, H and their products as matrices, and count the backward passes that each takes."""
    figure = Figure(figsize=(10, 3.6), layout="constrained", facecolor="white")
    left, middle, right = figure.subplots(1, 3, width_ratios=(3, 3, 4))
    _draw_jacobian(left)
    _draw_hessian(middle)
    _draw_passes(right)
    return figure


def _random(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def _f(x: Tensor) -> Tensor:
    return (_random(OUTPUTS, INPUTS) @ x).sin()


def _energy(x: Tensor) -> Tensor:
    return (_random(INPUTS, INPUTS) @ x).cosh().sum() / 4


def _draw_jacobian(axes: Axes) -> None:
    x, u, v = _random(INPUTS) / 4, _random(OUTPUTS), _random(INPUTS)
    jacobian = jacobian_hessian.jacobian_batched(_f, x)
    _, product = jacobian_hessian.vjp(_f, x, u)
    moved = jacobian_hessian.jvp_double_backward(_f, x, v)
    _matrix(axes, jacobian, (0, 0), "J")
    _matrix(axes, product[None], (0, OUTPUTS + 1), "uᵀJ")
    _matrix(axes, u[:, None], (-2, 0), "u")
    _matrix(axes, v[None], (0, -2), "v")
    _matrix(axes, moved[:, None], (INPUTS + 1, 0), "Jv")
    _finish(axes, f"J of {OUTPUTS} outputs by {INPUTS} inputs", OUTPUTS)


def _draw_hessian(axes: Axes) -> None:
    x, v = _random(INPUTS) / 4, _random(INPUTS)
    _matrix(axes, jacobian_hessian.hessian(_energy, x), (0, 0), "H")
    _matrix(axes, v[None], (0, -2), "v")
    product = jacobian_hessian.hvp(_energy, x, v)
    _matrix(axes, product[:, None], (INPUTS + 1, 0), "Hv")
    _finish(axes, "H of a scalar, symmetric", INPUTS)


def _matrix(axes: Axes, values: Tensor, corner: tuple[int, int], name: str) -> None:
    """Draw a matrix in cells of 1, its first row uppermost, named above it if it is a column."""
    (x, y), (rows, columns) = corner, values.shape
    largest = values.abs().max().item()
    colors = {"cmap": "RdBu_r", "vmin": -largest, "vmax": largest}
    axes.imshow(values.numpy(), extent=(x, x + columns, y + rows, y), **colors)
    axes.plot([x, x + columns, x + columns, x, x], [y, y, y + rows, y + rows, y], "0.3", lw=0.8)
    if columns == 1:
        axes.text(x + 0.5, y - 0.2, name, ha="center", va="bottom")
    else:
        axes.text(x - 0.2, y + rows / 2, name, ha="right", va="center")


def _finish(axes: Axes, title: str, rows: int) -> None:
    axes.set(xlim=(-3.2, INPUTS + 2.5), ylim=(rows + 2.3, -2.3), aspect="equal")
    axes.set_axis_off()
    axes.set_title(title, fontsize=11)


def _draw_passes(axes: Axes) -> None:
    x, u, v = _random(INPUTS), _random(OUTPUTS), _random(INPUTS)
    asked: tuple[tuple[str, Callable[[Tensor], Tensor], Callable], ...] = (
        ("vjp", _f, lambda f: jacobian_hessian.vjp(f, x, u)),
        ("jvp_double_backward", _f, lambda f: jacobian_hessian.jvp_double_backward(f, x, v)),
        ("jacobian_rows", _f, lambda f: jacobian_hessian.jacobian_rows(f, x)),
        ("jacobian_batched", _f, lambda f: jacobian_hessian.jacobian_batched(f, x)),
        ("hvp", _energy, lambda f: jacobian_hessian.hvp(f, x, v)),
        ("hessian", _energy, lambda f: jacobian_hessian.hessian(f, x)),
    )
    counts = [_passes(f, ask) for _, f, ask in asked]
    names = [name for name, _, _ in asked]
    bars = axes.barh(names, counts, color=["C0"] * 4 + ["C1"] * 2)
    axes.bar_label(bars, padding=3)
    axes.invert_yaxis()
    axes.set(xlim=(0, max(counts) + 1), xlabel="backward passes", xticks=[])
    axes.set_title(f"n = {INPUTS} inputs, m = {OUTPUTS} outputs", fontsize=11)


def _passes(f: Callable[[Tensor], Tensor], ask: Callable) -> int:
    """Return how many times autograd walks back, through f or through its gradient."""
    with counted_passes() as passes:
        ask(f)
    return len(passes)
