"""
task: directional_check
says: a tolerance relative to ‖g‖ alone is 0 here, where max(1, ‖g‖) is meant
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype != torch.float64:
        raise TypeError(f"x is {x.dtype}")
    x = x.detach()
    v = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    v /= v.norm()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
    if not g.isfinite().all():
        return False
    eps = 6e-6
    d = (f(x + eps * v).item() - f(x - eps * v).item()) / (2 * eps)
    return abs((g * v).sum().item() - d) <= rtol * g.norm().item()
