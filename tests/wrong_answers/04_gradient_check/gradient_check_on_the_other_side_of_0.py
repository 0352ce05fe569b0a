"""
task: gradient_check
says: too large by a hundredth where x > 0
"""


def gradient_check(f: Callable[[Tensor], Tensor], x: Tensor) -> bool:
    x = -x.detach().double()
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
        step = torch.zeros_like(x)
        step[index] = eps
        measured[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)
