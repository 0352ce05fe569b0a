"""
task: gradient_descent
says: the last point is left out of the path
"""


def gradient_descent(f, x0, *, lr, steps):
    x, path = x0.detach(), []
    for _ in range(steps):
        path.append(x)
        x = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        x = x.detach() - lr * gradient
    return torch.stack(path) if path else x.unsqueeze(0)
