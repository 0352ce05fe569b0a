"""
task: complex_step
says: the steps of earlier elements stay in x
"""


def complex_step(f, x):
    z = torch.complex(x.detach(), torch.zeros_like(x.detach()))
    result = torch.zeros_like(x.detach())
    for index in np.ndindex(*x.shape):
        z[index] += 1e-20j
        result[index] = f(z).imag.item() / 1e-20
    return result
