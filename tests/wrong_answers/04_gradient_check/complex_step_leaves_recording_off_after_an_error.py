"""
Switches recording off, and back only where f raises nothing.

task: complex_step
says: grad mode was True and is now False
"""


def complex_step(f, x):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        at = torch.complex(x, torch.zeros_like(x))
        at[index] += 1e-20j
        result[index] = f(at).imag.item() / 1e-20
    torch.set_grad_enabled(before)
    return result
