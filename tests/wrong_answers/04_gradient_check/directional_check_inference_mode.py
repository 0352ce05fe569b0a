"""
task: directional_check
says: inside torch.enable_grad(), which torch.inference_mode() overrides, it raises RuntimeError: element 0 of tensors does not require grad
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
    with torch.inference_mode():
        d = (f(x + eps * v).item() - f(x - eps * v).item()) / (2 * eps)
    gap = abs((g * v).sum().item() - d)
    return math.isfinite(gap) and bool(gap <= rtol * max(1.0, g.norm().item()))
