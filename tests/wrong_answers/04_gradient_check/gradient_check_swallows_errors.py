"""
task: gradient_check
says: ErrorOfF is due when f raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised: let it through
"""


def gradient_check(f, x):
    x = x.detach().double()
    try:
        with torch.enable_grad():
            leaf = x.clone().requires_grad_()
            (analytic,) = torch.autograd.grad(f(leaf), leaf)
    except RuntimeError:
        return False
    eps = 1e-6
    measured = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)
