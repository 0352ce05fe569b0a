"""
task: complex_step
says: f returns its argument or a view of it
"""


def complex_step(f, x):
    x, h = x.detach(), 1e-20
    z = torch.complex(x, torch.zeros_like(x))
    values = []
    for index in np.ndindex(*x.shape):
        z[index] += 1j * h
        values.append(f(z).detach())
        z[index] -= 1j * h
    return torch.stack([v.imag / h for v in values]).reshape(x.shape).to(x.dtype)
