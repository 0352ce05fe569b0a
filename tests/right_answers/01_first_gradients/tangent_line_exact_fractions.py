"""
task: tangent_line
way: computes the intercept in exact fractions and rounds once, so the last bit may differ from y - g * x0.
"""

import math
from fractions import Fraction


def tangent_line(f: Callable[[Tensor], Tensor], x0: float) -> tuple[float, float]:
    def ask() -> tuple[float, float]:
        with torch.enable_grad():
            leaf = torch.scalar_tensor(x0, dtype=torch.float64).requires_grad_()
            out = f(leaf)
            edge = torch.autograd.graph.get_gradient_edge(leaf)
            return out.detach().item(), torch.autograd.grad(out, [edge])[0].item()

    y, m = ask()
    if all(map(math.isfinite, (y, m, x0))):
        return m, float(Fraction(y) - Fraction(m) * Fraction(x0))
    return m, y - m * x0
