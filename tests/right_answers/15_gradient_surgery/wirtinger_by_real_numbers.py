"""
task: wirtinger
way: the derivatives by a and b, two real leaves
"""


def wirtinger(f, z):
    a, b = (part.detach().clone().requires_grad_() for part in (z.real, z.imag))
    y = f(torch.complex(a, b))
    parts = [y.real, y.imag] if y.is_complex() else [y]
    slopes = [
        torch.autograd.grad(p.sum(), (a, b), retain_graph=True, materialize_grads=True)
        for p in parts
    ]
    if len(slopes) == 1:
        slopes.append((torch.zeros_like(a), torch.zeros_like(b)))
    (ua, ub), (va, vb) = slopes
    by_a, by_b = torch.complex(ua, va), torch.complex(ub, vb)
    return ((by_a - 1j * by_b) / 2).detach(), ((by_a + 1j * by_b) / 2).detach()
