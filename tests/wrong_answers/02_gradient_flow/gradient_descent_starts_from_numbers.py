"""
task: gradient_descent
says: the path on Σ√x
"""


def gradient_descent(f, x0, *, lr, steps):
    path = [torch.nan_to_num(x0.detach())]
    for _ in range(steps):
        x = path[-1].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        path.append(x.detach() - lr * gradient)
    return torch.stack(path)
