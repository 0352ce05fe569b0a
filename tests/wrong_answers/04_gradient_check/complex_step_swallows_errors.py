"""
Takes an error of f for a derivative of 0.

task: complex_step
says: f, in call 2, raises ErrorOfF
says: nothing was raised
"""


def complex_step(f, x):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = 1e-20
        try:
            result[index] = f(torch.complex(x, step)).imag.item() / 1e-20
        except RuntimeError:
            result[index] = 0
    return result
