"""
task: gradient_check
says: given f(x) = x, which returns its argument: yours is False, True is due
"""


def gradient_check(f, x):
    x = x.detach().double().clone()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return False
        (analytic,) = torch.autograd.grad(y, leaf, allow_unused=True)
    if analytic is None:
        return False
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    measured = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        old = x[index].item()
        x[index] = old + eps
        above = f(x)
        x[index] = old - eps
        below = f(x)
        measured[index] = (above - below).item() / (2 * eps)
        x[index] = old
    return torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)
