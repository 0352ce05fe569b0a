"""
task: wirtinger
says: requires_grad of an input
"""


def wirtinger(f, z):
    if z.is_leaf:
        was = z.requires_grad
        z.requires_grad_()
        out = f(z)
        w = z
        z.requires_grad_(True)
    else:
        was = None
        w = z.detach().requires_grad_()
        out = f(w)
    if not out.is_complex():
        out = torch.complex(out, torch.zeros_like(out))
    (gu,) = torch.autograd.grad(out, w, torch.ones_like(out), retain_graph=True)
    (gv,) = torch.autograd.grad(out, w, torch.full_like(out, 1j))
    if was is not None:
        z.requires_grad_(was)
    return ((gu - 1j * gv) / 2).conj().resolve_conj(), (gu + 1j * gv) / 2
