"""
task: gradient_descent
way: one leaf moved in place, each row a copy
"""


def gradient_descent(f, x0, *, lr, steps):
    x = x0.detach().clone().requires_grad_()
    path = [x.detach().clone()]
    for _ in range(steps):
        x.grad = None
        f(x).backward(inputs=[x])
        with torch.no_grad():
            x -= lr * x.grad
        path.append(x.detach().clone())
    return torch.stack(path)
