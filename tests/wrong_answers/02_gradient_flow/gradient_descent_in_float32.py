"""
task: gradient_descent
says: yours is torch.float32
"""


def gradient_descent(f, x0, *, lr, steps):
    path = torch.zeros(steps + 1, *x0.shape, device=x0.device)
    path[0] = x = x0.detach()
    for k in range(steps):
        x = x.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(f(x), x)
        path[k + 1] = x = x.detach() - lr * gradient
    return path
