"""
task: curvature
says: Σ sin(40x)
"""


def curvature(f, x, v):
    x, v = x.detach(), v.detach()
    eps = 1e-5

    def slope(t):
        t = t.detach().requires_grad_()
        return torch.autograd.grad(f(t), t)[0]

    return ((slope(x + eps * v) - slope(x - eps * v)) / (2 * eps) * v).sum()
