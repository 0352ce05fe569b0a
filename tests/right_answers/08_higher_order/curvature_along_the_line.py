"""
task: curvature
way: the second derivative of t ↦ f(x + t·v) at 0
"""


def curvature(f, x, v):
    t = torch.zeros((), dtype=x.dtype, device=x.device, requires_grad=True)
    line = f(x.detach() + t * v.detach())
    slope = torch.autograd.grad(line, t, create_graph=True)[0]
    if not slope.requires_grad:
        return torch.zeros_like(slope)
    bend = torch.autograd.grad(slope, t, allow_unused=True)[0]
    return torch.zeros_like(slope).detach() if bend is None else bend
