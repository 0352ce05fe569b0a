"""
task: gradient_descent
says: RuntimeError is due when f raises it in backward
"""


def gradient_descent(f, x0, *, lr, steps):
    path = [x0.detach().clone()]
    for _ in range(steps):
        x = path[-1].clone().requires_grad_()
        try:
            (g,) = torch.autograd.grad(f(x), x)
        except RuntimeError:
            g = torch.zeros_like(x)
        path.append(x.detach() - lr * g)
    return torch.stack(path)
