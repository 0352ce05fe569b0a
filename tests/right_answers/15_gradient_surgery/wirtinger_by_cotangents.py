"""
task: wirtinger
way: two complex cotangents, 1 and i, whose gradients are combined
"""


def wirtinger(f, z):
    leaf = z.detach().clone().requires_grad_()
    y = f(leaf)
    y = y + 0j if y.is_complex() else torch.complex(y, torch.zeros_like(y))
    one = torch.ones_like(y)
    g1, g2 = (torch.autograd.grad(y, leaf, v, retain_graph=True)[0] for v in (one, 1j * one))
    # g1 = conj(∂z) + ∂z̄, g2 = i·(conj(∂z) − ∂z̄)
    return ((g1 - 1j * g2) / 2).conj().resolve_conj(), (g1 + 1j * g2) / 2
