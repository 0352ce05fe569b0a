"""
task: complex_step
says: yours is torch.float64, torch's is torch.float32
"""


def complex_step(f, x):
    x, h = x.detach().double(), 1e-20
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = h
        result[index] = f(torch.complex(x, step)).imag.item() / h
    return result
