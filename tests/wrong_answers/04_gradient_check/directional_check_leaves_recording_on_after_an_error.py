"""
task: directional_check
says: called inside torch.no_grad(), it leaves recording switched on
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype != torch.float64:
        raise TypeError("float64")
    x = x.detach()
    v = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    v /= v.norm()
    m = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    if 1:
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
    torch.set_grad_enabled(m)
    eps = 6e-6
    d = (f(x + eps * v).item() - f(x - eps * v).item()) / (2 * eps)
    gap = abs((g * v).sum().item() - d)
    return math.isfinite(gap) and bool(gap <= rtol * max(1.0, g.norm().item()))
