"""
task: gradient_descent
way: torch.func.grad
"""


def gradient_descent(f, x0, *, lr, steps):
    x = x0.detach()
    path = [x]
    for _ in range(steps):
        x = (x - lr * torch.func.grad(f)(x)).detach()
        path.append(x)
    return torch.stack(path)
