"""
task: complex_step
says: and so does a difference quotient
"""


def complex_step(f, x):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = 6e-6
        result[index] = (f(x + step).item() - f(x - step).item()) / 12e-6
    return result
