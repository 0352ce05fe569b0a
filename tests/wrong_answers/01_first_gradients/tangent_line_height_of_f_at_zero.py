"""
Takes 'the height at x = 0' for f(0), which is the line's height for straight f alone.

task: tangent_line
says: f(0) is taken for the intercept
"""


def tangent_line(f: Callable[[Tensor], Tensor], x0: float) -> tuple[float, float]:
    t = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    (g,) = torch.autograd.grad(f(t), t)
    return g.item(), f(torch.zeros((), dtype=torch.float64)).item()
