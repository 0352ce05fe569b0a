"""
task: gradient_descent
says: no step is taken where the gradient is small
"""


def gradient_descent(f, x0, *, lr, steps):
    x = x0.detach().clone()
    path = [x]
    for _ in range(steps):
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        if (g.abs() > 1e-25).any() or g.isnan().any():
            x = x - lr * g
        path.append(x)
    return torch.stack(path)
