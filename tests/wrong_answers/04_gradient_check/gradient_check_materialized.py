"""
task: gradient_check
says: autograd has none: that is not one of zeros, which materialize_grads=True makes of it
"""


@torch.enable_grad()
def gradient_check(f, x):
    leaf = x.detach().to(torch.float64).clone().requires_grad_()
    y = f(leaf)
    if y.grad_fn is None:
        return False
    (got,) = torch.autograd.grad(y, leaf, materialize_grads=True)
    eye = torch.eye(leaf.numel(), dtype=torch.float64, device=x.device)
    steps = [6e-6 * row.reshape(x.shape) for row in eye]
    want = torch.stack([(f(leaf + s) - f(leaf - s)) / 12e-6 for s in steps]).reshape(x.shape)
    return bool(((got - want).abs() <= 1e-6 + 1e-4 * want.abs()).all())
