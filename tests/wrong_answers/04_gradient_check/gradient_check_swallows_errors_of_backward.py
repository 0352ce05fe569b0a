"""
task: gradient_check
says: ErrorOfF is due when the backward of f raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised
"""


def gradient_check(f, x):
    x = x.detach().double()
    with torch.enable_grad():
        leaf = x.clone().requires_grad_()
        y = f(leaf)
        try:
            (analytic,) = torch.autograd.grad(y, leaf)
        except RuntimeError as e:
            return False
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    measured = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)
