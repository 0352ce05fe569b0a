"""
Moves x, where it is float64 already, and does not move it back when f raises.

task: gradient_check
says: the value of an input at [0]
"""


def gradient_check(f, x):
    at = x.detach().double()
    with torch.enable_grad():
        leaf = at.clone().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return False
        (analytic,) = torch.autograd.grad(y, leaf, allow_unused=True)
    if analytic is None:
        return False
    eps = torch.finfo(at.dtype).eps ** (1 / 3)
    measured = torch.zeros_like(at)
    for index in np.ndindex(*at.shape):
        before = at[index].item()
        at[index] = before + eps
        up = f(at.clone()).item()
        at[index] = before - eps
        measured[index] = (up - f(at.clone()).item()) / (2 * eps)
        at[index] = before
    return torch.allclose(analytic, measured, rtol=1e-4, atol=1e-6)
