"""
task: complex_step
says: the imaginary step is 6.05545e-06, whose square is not lost in rounding
"""


def complex_step(f, x):
    x, h = x.detach(), torch.finfo(x.dtype).eps ** (1 / 3)
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = h
        result[index] = f(torch.complex(x, step)).imag.item() / h
    return result
