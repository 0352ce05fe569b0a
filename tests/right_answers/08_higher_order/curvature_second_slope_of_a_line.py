"""
task: curvature
way: the second derivative of f along the line, by a helper
"""


def _next(y: Tensor, leaf: Tensor) -> Tensor:
    if not y.requires_grad:
        return torch.zeros_like(leaf)
    (slope,) = torch.autograd.grad(
        y, leaf, torch.ones_like(y), create_graph=True, allow_unused=True
    )
    return torch.zeros_like(leaf) if slope is None else slope


def curvature(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    # The second derivative of t -> f(x + t v) at t = 0.
    t = x.new_zeros((), requires_grad=True)
    slope = _next(f(x.detach() + t * v.detach()), t)
    return _next(slope, t).detach()
