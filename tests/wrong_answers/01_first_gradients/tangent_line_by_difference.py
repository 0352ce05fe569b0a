"""
task: tangent_line
says: f is measured, at two nearby points or at a complex one, and autograd is not asked
"""


def tangent_line(f, x0):
    rise = f(torch.tensor(complex(x0, 1e-100), dtype=torch.complex128)).imag.item() / 1e-100
    return rise, f(torch.tensor(x0, dtype=torch.float64)).item() - rise * x0
