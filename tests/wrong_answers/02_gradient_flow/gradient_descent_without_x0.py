"""
task: gradient_descent
says: x0 is left out of the path
"""


def gradient_descent(f, x0, *, lr, steps):
    x, path = x0.detach(), []
    for _ in range(steps):
        x = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        x = x.detach() - lr * gradient
        path.append(x)
    return torch.stack(path) if path else x.unsqueeze(0)
