"""
task: jvp
says: Jv of an f with a derivative of its own
"""


def jvp(f, x, v):
    y = f(torch.complex(x.detach(), 1e-30 * v.detach()))
    if not y.is_complex():
        return y.detach(), torch.zeros_like(y)
    return y.real.detach(), y.imag.detach() / 1e-30
