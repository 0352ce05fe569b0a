"""
Puts recording back under except Exception, which Ctrl-C passes by.

task: directional_check
says: called inside torch.no_grad(), it leaves recording switched on
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype != torch.float64:
        raise TypeError(f"x is {x.dtype}")
    x = x.detach()
    v = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    v /= v.norm()
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        d = (f(x + eps * v).item() - f(x - eps * v).item()) / (2 * eps)
    except Exception:
        torch.set_grad_enabled(before)
        raise
    torch.set_grad_enabled(before)
    gap = abs((g * v).sum().item() - d)
    return math.isfinite(gap) and gap <= rtol * max(1.0, g.norm().item())
