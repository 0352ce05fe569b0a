"""
task: curvature
way: v as the incoming gradient
"""


def curvature(f, x, v):
    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    g = g + 0 * x
    (hv,) = torch.autograd.grad(g, x, grad_outputs=v.detach())
    return (hv * v.detach()).sum()
