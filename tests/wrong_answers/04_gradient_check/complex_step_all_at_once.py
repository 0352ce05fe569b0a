"""
task: complex_step
says: all elements are moved at once: move one at a time
"""


def complex_step(f, x):
    h = 1e-20
    x = x.detach()
    return torch.full_like(x, f(torch.complex(x, torch.full_like(x, h))).imag.item() / h)
