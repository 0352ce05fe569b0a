"""
task: gradient_descent
way: rows written into a tensor made before
"""


def gradient_descent(f, x0, *, lr, steps):
    path = torch.empty(steps + 1, *x0.shape, dtype=x0.dtype, device=x0.device)
    path[0] = x0.detach()
    for k in range(steps):
        x = path[k].clone().requires_grad_()
        path[k + 1] = path[k] - lr * torch.autograd.grad(f(x), x)[0]
    return path
