"""
task: complex_step
way: turns one element at a time of one complex copy
"""


def complex_step(f, x):
    h = 2.0**-70
    z = torch.complex(x.detach(), torch.zeros_like(x, requires_grad=False))
    result = torch.empty_like(x, requires_grad=False)
    for index in np.ndindex(*x.shape):
        z[index] += h * 1j
        result[index] = torch.imag(f(z)).item() / h
        z[index] = z[index].real.item()
    return result
