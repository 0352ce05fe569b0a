"""Pictures drawn from what the functions of this exercise return."""

import gradient_check
import torch
from matplotlib.figure import Figure


def error_over_step() -> Figure:
    """Draw the error of both differences over the step, and mark the step that best_step gives."""
    x = torch.linspace(-1, 1, 12, dtype=torch.float64)
    steps = [10 ** (-k / 2.5) for k in range(38)]
    marked = gradient_check.best_step(torch.float64)
    axes = (figure := Figure(figsize=(7, 4), layout="constrained", facecolor="white")).subplots()
    for name, difference, style in (
        ("forward_difference", gradient_check.forward_difference, "C1o-"),
        ("central_difference", gradient_check.central_difference, "C0s-"),
    ):
        errors = [_error(difference(_sum_of_exp, x, step), x) for step in steps]
        axes.loglog(steps, errors, style, label=name, markersize=3, linewidth=1)
    axes.axvline(marked, color="0.3", linestyle="--", linewidth=1)
    axes.annotate(
        f"best_step(float64)\n{marked:.2g}",
        (marked, 1),
        xytext=(-6, 0),
        textcoords="offset points",
        horizontalalignment="right",
        verticalalignment="top",
    )
    axes.annotate("rounding ∝ 1/eps", (2e-12, 1e-3), color="0.3")
    axes.annotate("formula ∝ eps", (1.5e-5, 5e-2), color="C1")
    axes.annotate("formula ∝ eps²", (1e-3, 1e-9), color="C0")
    axes.set_xlabel("eps")
    axes.set_ylabel("error (root mean square)")
    axes.set_title("Gradient of Σ exp x in float64: how far off two differences are")
    axes.legend(loc="lower left")
    return figure


def _sum_of_exp(x: torch.Tensor) -> torch.Tensor:
    return x.exp().sum()


def _error(measured: torch.Tensor, x: torch.Tensor) -> float:
    return (measured - x.exp()).square().mean().sqrt().item()
