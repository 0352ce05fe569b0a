"""
Ends where the gradient is exactly 0.

task: gradient_descent
says: the path of 3 steps where the gradient is 0
"""


def gradient_descent(f, x0, *, lr, steps):
    path = [x0.detach().clone()]
    for _ in range(steps):
        x = path[-1].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        if not gradient.any():
            break
        path.append(x.detach() - lr * gradient)
    return torch.stack(path)
