"""
task: gradient_check
says: requires_grad of an input was False before the call and is True after it
"""


def gradient_check(f, x):
    x = x.double()
    with torch.enable_grad():
        leaf = x.requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return False
        (analytic,) = torch.autograd.grad(y, leaf, allow_unused=True)
    if analytic is None:
        return False
    eps = 1e-6
    measured = torch.zeros_like(x.detach())
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x.detach())
        step[index] = eps
        measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)
