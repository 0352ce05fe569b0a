"""
task: directional_check
way: differentiates with respect to x and measures a function of one number
"""


def directional_check(f, x, *, generator, rtol=1e-6):
    if x.dtype != torch.float64:
        raise TypeError(f"torch.float64 is due, not {x.dtype}")
    v = torch.empty(x.shape, dtype=x.dtype, device=x.device).normal_(generator=generator)
    v = v.div_(v.pow(2).sum().sqrt())
    at = x.detach()

    def line(t):
        return f(at + t * v).item()

    with torch.enable_grad():
        leaf = at.clone().requires_grad_()
        g = torch.autograd.grad(f(leaf), leaf)[0]
    t = 1e-5
    gap = (g * v).sum().item() - (line(t) - line(-t)) / (t + t)
    length = float(g.norm())
    return length < math.inf and math.fabs(gap) <= rtol * max(1, length)
