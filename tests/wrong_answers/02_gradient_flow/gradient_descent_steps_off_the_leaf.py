"""
task: gradient_descent
says: NoneType
says: a .grad is None here
"""


def gradient_descent(f, x0, *, lr, steps):
    x = x0.detach().clone().requires_grad_()
    path = [x.detach().clone()]
    for _ in range(steps):
        f(x).backward()
        x = x - lr * x.grad
        path.append(x.detach())
    return torch.stack(path)
