"""
task: implicit_slope
way: makes the point one leaf of two elements, unbinds it for F, and divides the list of its gradient.
"""


def implicit_slope(
    F: Callable[[Tensor, Tensor], Tensor],  # noqa: N803
    x: float,
    y: float,
) -> float:
    with torch.enable_grad():
        point = torch.tensor((x, y), dtype=torch.float64, requires_grad=True)
        (normal,) = torch.autograd.grad(F(*point.unbind()), point)
    across, up = normal.tolist()
    return -(across / up)
