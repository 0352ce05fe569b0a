"""
task: slope
says: f is measured, at two nearby points or at a complex one, and autograd is not asked
"""


def slope(f, x):
    step = 1e-100
    return f(torch.tensor(complex(x, step), dtype=torch.complex128)).imag.item() / step
