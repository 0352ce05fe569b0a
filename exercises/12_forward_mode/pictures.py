"""A picture of what your `cheapest_jacobian` costs; `kata plot 12` draws it."""

import forward_mode
import torch
from matplotlib.figure import Figure

from gradkata.checks import count_elements

OUTPUTS = 32
HIDDEN = 100


def cost_of_both_modes() -> Figure:
    """Draw how many elements both modes make, over the inputs, and on which line yours lies."""
    inputs = [1, 2, 4, 8, 16, 24, 32, 48, 64, 128, 256]
    axes = (figure := Figure(figsize=(7, 4), layout="constrained", facecolor="white")).subplots()
    for name, jacobian, style in (
        ("jacfwd", torch.func.jacfwd, "C0-"),
        ("jacrev", torch.func.jacrev, "C1-"),
        ("cheapest_jacobian", _yours, "ko"),
    ):
        made = [_elements(jacobian, n) for n in inputs]
        axes.loglog(inputs, made, style, label=name, markersize=4, base=2)
    axes.axvline(OUTPUTS, color="0.3", linestyle="--", linewidth=1)
    axes.annotate(
        f"as many inputs as outputs: {OUTPUTS}",
        (OUTPUTS, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-6, -12),
        textcoords="offset points",
        horizontalalignment="right",
    )
    axes.set_xlabel("inputs")
    axes.set_ylabel("elements made")
    axes.set_title(f"What J costs for {OUTPUTS} outputs")
    axes.legend(loc="lower right")
    return figure


def _yours(f):
    return lambda x: forward_mode.cheapest_jacobian(f, x)


def _elements(jacobian, inputs):
    generator = torch.Generator().manual_seed(0)
    first = torch.randn(HIDDEN, inputs, generator=generator)
    last = torch.randn(OUTPUTS, HIDDEN, generator=generator)

    def f(t):
        hidden = first @ t
        for _ in range(6):
            hidden = hidden.tanh()
        return last @ hidden

    with count_elements() as count:
        jacobian(f)(torch.ones(inputs))
    return count.made
