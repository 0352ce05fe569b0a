"""
task: complex_step
says: The two agree to the precision of float32
"""


def complex_step(f, x):
    h = 1e-20
    z = x.detach().to(torch.complex64)
    result = torch.zeros_like(x.detach())
    for index in np.ndindex(*x.shape):
        moved = z.clone()
        moved[index] += 1j * h
        result[index] = f(moved).imag.item() / h
    return result
