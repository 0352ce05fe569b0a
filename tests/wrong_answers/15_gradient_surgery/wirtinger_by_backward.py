"""
task: wirtinger
says: .grad
"""


def wirtinger(f, z):
    z = z.detach().requires_grad_()
    y = f(z)
    a, b = torch.zeros_like(z), torch.zeros_like(z)
    for part, unit in zip((y.real, y.imag) if y.is_complex() else (y,), (1, 1j)):
        z.grad = None
        part.sum().backward(retain_graph=True)
        g = torch.zeros_like(z) if z.grad is None else z.grad
        a, b = a + unit * g.conj() / 2, b + unit * g / 2
    return a.detach(), b.detach()
