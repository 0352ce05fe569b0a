"""
task: curvature
says: the slope along v is returned
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (g,) = torch.autograd.grad(f(x), x)
    return (g * v).sum()
