"""
Puts recording back under except Exception, which Ctrl-C passes by.

task: gradient_check
says: called inside torch.no_grad(), it leaves recording switched on
"""


def gradient_check(f, x):
    x = x.detach().double()
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    analytic = None
    measured = torch.zeros_like(x)
    try:
        leaf = x.clone().requires_grad_()
        y = f(leaf)
        if y.requires_grad:
            (analytic,) = torch.autograd.grad(y, leaf, allow_unused=True)
        eps = torch.finfo(x.dtype).eps ** (1 / 3)
        for index in np.ndindex(*x.shape):
            step = torch.zeros_like(x)
            step[index] = eps
            measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    except Exception:
        torch.set_grad_enabled(before)
        raise
    torch.set_grad_enabled(before)
    return analytic is not None and torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)
