"""
task: wirtinger
says: the two are swapped
"""


def wirtinger(f, z):
    z = z.detach().requires_grad_()
    y = f(z)
    a, b = torch.zeros_like(z), torch.zeros_like(z)
    for part, unit in zip((y.real, y.imag) if y.is_complex() else (y,), (1, 1j)):
        (g,) = torch.autograd.grad(part.sum(), z, retain_graph=True, materialize_grads=True)
        a, b = a + unit * g.conj() / 2, b + unit * g / 2
    return b.detach(), a.detach()
