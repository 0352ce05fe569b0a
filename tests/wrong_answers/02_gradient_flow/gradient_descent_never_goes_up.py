"""
task: gradient_descent
says: or f grows
"""


def gradient_descent(f, x0, *, lr, steps):
    path = [x0.detach().clone()]
    for _ in range(steps):
        x = path[-1].clone().requires_grad_()
        y = f(x)
        (g,) = torch.autograd.grad(y, x)
        new = x.detach() - lr * g
        path.append(new if f(new) <= y else path[-1].clone())
    return torch.stack(path)
