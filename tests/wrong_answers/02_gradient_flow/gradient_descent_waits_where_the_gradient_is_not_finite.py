"""
Takes no step along a gradient that holds an infinity.

task: gradient_descent
says: the path on Σ√x, whose gradient is infinite at the 0 in x0
"""


def gradient_descent(f, x0, *, lr, steps):
    path = [x0.detach().clone()]
    for _ in range(steps):
        x = path[-1].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        if not gradient.isfinite().all():
            gradient = torch.zeros_like(gradient)
        path.append(x.detach() - lr * gradient)
    return torch.stack(path)
