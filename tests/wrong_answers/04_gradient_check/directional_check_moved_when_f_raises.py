"""
Moves x along the line, and does not move it back when f raises.

task: directional_check
says: the value of an input at [0]
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype != torch.float64:
        raise TypeError(f"x is {x.dtype}")
    v = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    v /= v.norm()
    at, start = x.detach(), x.detach().clone()
    with torch.enable_grad():
        leaf = start.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    at.copy_(start + eps * v)
    up = f(at.clone()).item()
    at.copy_(start - eps * v)
    d = (up - f(at.clone()).item()) / (2 * eps)
    at.copy_(start)
    gap = abs((g * v).sum().item() - d)
    return math.isfinite(gap) and gap <= rtol * max(1.0, g.norm().item())
