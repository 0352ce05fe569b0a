"""
task: wirtinger
says: of z² on the real axis
"""


def wirtinger(f, z):
    leaf = z.detach().clone().requires_grad_()
    out = f(leaf)
    if not out.is_complex() or not out.imag.detach().any():
        (g,) = torch.autograd.grad(out, leaf, torch.ones_like(out))
        return (g / 2).conj().resolve_conj(), g / 2
    (one,) = torch.autograd.grad(out, leaf, torch.ones_like(out), retain_graph=True)
    (turned,) = torch.autograd.grad(out, leaf, torch.full_like(out, 1j))
    by_z = ((one - 1j * turned) / 2).conj().resolve_conj()
    return by_z, (one + 1j * turned) / 2
