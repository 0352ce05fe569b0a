"""
task: complex_step
says: the real part is taken: the imaginary part is the derivative times h
"""


def complex_step(f, x):
    x, h = x.detach(), 1e-20
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = h
        result[index] = f(torch.complex(x, step)).real.item() / h
    return result
