"""
task: complex_step
says: still has a graph attached
"""


def complex_step(f, x):
    x = x.detach()
    slopes = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = 1e-20
        slopes.append(f(torch.complex(x, step)).imag / 1e-20)
    return torch.stack(slopes).reshape(x.shape)
