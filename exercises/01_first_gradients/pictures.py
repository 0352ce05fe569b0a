"""Pictures drawn from what the functions of this exercise return."""

import first_gradients
import torch
from matplotlib.figure import Figure


def tangent_and_slope() -> Figure:
    """Draw a function with the lines that touch it, and below it its slope at every place."""
    figure = Figure(figsize=(7, 5), layout="constrained", facecolor="white")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    places = [4 * k / 100 for k in range(-100, 101)]
    above.plot(places, [_f(torch.tensor(x)).item() for x in places], "C0", label="f(x)")
    below.plot(places, [first_gradients.slope(_f, x) for x in places], "C0", label="slope(f, x)")
    for number, x0 in enumerate((-2.5, -1.0, 1.5), start=1):
        rise, intercept = first_gradients.tangent_line(_f, x0)
        near = [x0 - 1, x0 + 1]
        style = {"color": f"C{number}", "linewidth": 1.5}
        above.plot(near, [rise * x + intercept for x in near], **style)
        above.plot(x0, rise * x0 + intercept, "o", **style)
        below.plot([x0, x0], [0, rise], "o-", markevery=[1], label=f"{rise:+.2f}", **style)
    above.set(ylabel="f(x)", title="tangent_line touches f = sin x + x²/8 in three places")
    below.axhline(0, color="0.6", linewidth=0.8)
    below.set(xlabel="x", ylabel="slope")
    below.legend(loc="lower right", fontsize="small", ncols=2)
    return figure


def _f(x: torch.Tensor) -> torch.Tensor:
    return x.sin() + x * x / 8
