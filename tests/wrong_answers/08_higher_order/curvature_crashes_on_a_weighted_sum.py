"""
task: curvature
says: for f = Σax, a being a constant, where H is 0
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    (hv,) = torch.autograd.grad((g * v).sum(), x)
    return (hv * v).sum()
