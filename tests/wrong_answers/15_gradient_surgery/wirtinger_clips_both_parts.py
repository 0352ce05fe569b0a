"""
task: wirtinger
says: differ
"""


def wirtinger(f, z):
    z = z.detach().requires_grad_()
    y = f(z)
    by_z, by_conjugate = torch.zeros_like(y, dtype=z.dtype), torch.zeros_like(y, dtype=z.dtype)
    for unit, part in ({1: y.real, 1j: y.imag} if y.is_complex() else {1: y}).items():
        (gradient,) = torch.autograd.grad(part.sum(), z, retain_graph=True)
        by_z += unit * gradient.conj() / 2
        by_conjugate += unit * gradient / 2
    return tuple(
        torch.complex(d.real.clamp(-1e3, 1e3), d.imag.clamp(-1e3, 1e3))
        for d in (by_z, by_conjugate)
    )
