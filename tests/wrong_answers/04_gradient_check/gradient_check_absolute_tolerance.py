"""
task: gradient_check
says: yours is True, False is due: measured are [0, 6, 0.01]
"""


def gradient_check(f, x):
    x = x.detach().double()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return False
        (analytic,) = torch.autograd.grad(y, leaf, allow_unused=True)
    if analytic is None:
        return False
    eps = 1e-6
    measured = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return torch.allclose(analytic, measured, rtol=0, atol=1e-3)
