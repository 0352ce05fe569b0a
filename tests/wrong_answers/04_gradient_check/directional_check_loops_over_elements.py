"""
task: directional_check
says: f is called 4001 times for 2000 elements, where three do
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
    measured = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return ((g - measured) * v).sum().abs().item() <= rtol * max(1.0, g.norm().item())
