"""
task: wirtinger
says: still has a graph attached
"""


def wirtinger(f, z):
    y = f(z := z.clone().requires_grad_())
    a, b = torch.zeros_like(z), torch.zeros_like(z)
    for part, unit in zip((y.real, y.imag) if y.is_complex() else (y,), (1, 1j)):
        (g,) = torch.autograd.grad(part.sum(), z, create_graph=True, materialize_grads=True)
        a, b = a + unit * g.conj() / 2, b + unit * g / 2
    return a, b
