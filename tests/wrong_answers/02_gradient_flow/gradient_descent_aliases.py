"""
task: gradient_descent
says: every row is the same tensor
"""


def gradient_descent(f, x0, *, lr, steps):
    x = x0.detach().clone().requires_grad_()
    path = [x.detach()]
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(f(x), x)
        with torch.no_grad():
            x -= lr * gradient
        path.append(x.detach())
    return torch.stack(path)
