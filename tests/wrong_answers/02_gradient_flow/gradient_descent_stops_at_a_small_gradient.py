"""
task: gradient_descent
says: the steps end where the gradient is small
"""


def gradient_descent(f, x0, *, lr, steps):
    path = [x0.detach().clone()]
    for _ in range(steps):
        x = path[-1].clone().requires_grad_()
        (g,) = torch.autograd.grad(f(x), x)
        if g.norm() < 1e-6:
            break
        path.append(x.detach() - lr * g)
    return torch.stack(path)
