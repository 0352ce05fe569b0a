"""
task: gradient_check
says: view size is not compatible
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
    eps = torch.finfo(x.dtype).eps ** (1 / 3)
    measured = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
    for k, index in enumerate(np.ndindex(*x.shape)):
        step = torch.zeros_like(x)
        step[index] = eps
        measured[k] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return torch.allclose(analytic.view(-1), measured, rtol=1e-4, atol=1e-6)
