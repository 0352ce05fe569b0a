"""
task: gradient_descent
says: x0 itself is moved, and put back at the end
"""


def gradient_descent(f, x0, *, lr, steps):
    was, start = x0.requires_grad, x0.detach().clone()
    path = [start.clone()]
    x0.requires_grad_(True)
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(x0), x0)
        with torch.no_grad():
            x0.sub_(lr * g)
        path.append(x0.detach().clone())
    x0.requires_grad_(was)
    with torch.no_grad():
        x0.copy_(start)
    return torch.stack(path)
