"""
task: wirtinger
says: RuntimeError
"""


def wirtinger(f, z):
    z = z.detach().requires_grad_()
    y = f(z)
    one = torch.ones_like(y, dtype=z.dtype)
    first = torch.autograd.grad(y, z, one, retain_graph=True)[0].conj()
    second = torch.autograd.grad(y, z, 1j * one)[0].conj()
    return ((first + 1j * second) / 2).resolve_conj(), (
        (first - 1j * second) / 2
    ).conj().resolve_conj()
