"""
task: gradient_descent
says: the value of an input
says: leave it as it was found
"""


def gradient_descent(f, x0, *, lr, steps):
    x = x0.detach()
    path = [x.clone()]
    for _ in range(steps):
        x.requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        x = x.detach()
        x -= lr * gradient
        path.append(x.clone())
    return torch.stack(path)
