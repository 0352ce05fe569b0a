"""
task: gradient_descent
says: no step is taken where the gradient is small
"""


def gradient_descent(f: Callable[[Tensor], Tensor], x0: Tensor, *, lr: float, steps: int) -> Tensor:
    x = x0.detach().clone()
    path = [x]
    for _ in range(steps):
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        move = lr * g
        x = x if bool((move.abs() < 1e-12).all()) else x - move
        path.append(x)
    return torch.stack(path)
