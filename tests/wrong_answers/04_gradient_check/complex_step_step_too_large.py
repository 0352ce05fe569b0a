"""
task: complex_step
says: the imaginary step is 1e-06, whose square is not lost in rounding: take 1e-20
"""


def complex_step(f, x):
    x, h = x.detach(), 1e-6
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = h
        result[index] = f(torch.complex(x, step)).imag.item() / h
    return result
