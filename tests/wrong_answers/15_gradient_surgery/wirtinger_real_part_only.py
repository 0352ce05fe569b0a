"""
task: wirtinger
says: only the real part of f
"""


def wirtinger(f, z):
    z = z.detach().requires_grad_()
    y = f(z)
    (g,) = torch.autograd.grad((y.real if y.is_complex() else y).sum(), z)
    return g.conj() / 2, g / 2
