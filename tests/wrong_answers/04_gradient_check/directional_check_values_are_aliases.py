"""
task: directional_check
says: given f(x) = x, which returns its argument: yours is False, True is due
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype != torch.float64:
        raise TypeError("float64")
    x = x.detach()
    v = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    v /= v.norm()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
    eps = 6e-6
    z = x + eps * v
    a = f(z)
    z -= 2 * eps * v
    b = f(z)
    d = (a - b).item() / (2 * eps)
    gap = abs((g * v).sum().item() - d)
    return math.isfinite(gap) and bool(gap <= rtol * max(1.0, g.norm().item()))
