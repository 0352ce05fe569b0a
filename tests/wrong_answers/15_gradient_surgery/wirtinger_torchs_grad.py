"""
task: wirtinger
says: f is taken for holomorphic
"""


def wirtinger(f, z):
    z = z.detach().requires_grad_()
    y = f(z)
    (g,) = torch.autograd.grad(y, z, torch.ones_like(y))
    return g.conj(), torch.zeros_like(z).detach()
