"""
task: gradient_check
says: whose gradient has the wrong sign: yours is True
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
    gap = abs(analytic.norm() - measured.norm()).item()
    return gap <= 1e-6 + 1e-4 * measured.norm().item()
