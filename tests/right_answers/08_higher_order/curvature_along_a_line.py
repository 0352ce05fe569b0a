"""
task: curvature
way: the second derivative of f along the line, by its one parameter
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()
    t = torch.zeros((), dtype=x.dtype, device=x.device, requires_grad=True)
    (g,) = torch.autograd.grad(f(x + t * v), t, create_graph=True)
    if not g.requires_grad:
        return torch.zeros_like(t)
    (c,) = torch.autograd.grad(g, t, materialize_grads=True)
    return c.detach()
