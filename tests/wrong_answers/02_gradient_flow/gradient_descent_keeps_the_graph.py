"""
task: gradient_descent
says: still has a graph attached
"""


def gradient_descent(f, x0, *, lr, steps):
    x = x0.detach().clone().requires_grad_()
    path = [x]
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(f(x), x)
        x = x - lr * gradient
        path.append(x)
    return torch.stack(path)
