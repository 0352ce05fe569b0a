"""
task: directional_check
says: True is due with rtol 0:
"""


def directional_check(
    f: Callable[[Tensor], Tensor],
    x: Tensor,
    *,
    generator: torch.Generator,
    rtol: float = 1e-6,
) -> bool:
    if x.dtype != torch.float64:
        raise TypeError(f"x is {x.dtype}, and a difference this fine needs torch.float64")
    x = x.detach()
    v = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    v /= v.norm()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    d = (f(x + eps * v).item() - f(x - eps * v).item()) / (2 * eps)
    gap = abs((g * v).sum().item() - d)
    # Where g is infinite the tolerance is too; where it is NaN no gap is small enough.
    return math.isfinite(gap) and bool(gap < rtol * max(1.0, g.norm().item()))
