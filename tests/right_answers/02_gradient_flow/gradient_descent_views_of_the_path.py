"""
task: gradient_descent
way: the rows of the result are the leaves: each step writes the next row with out=.
"""


def gradient_descent(f: Callable[[Tensor], Tensor], x0: Tensor, *, lr: float, steps: int) -> Tensor:
    path = x0.detach().new_empty((steps + 1, *x0.shape))
    path[0].copy_(x0.detach())
    for here, there in zip(path[:-1], path[1:], strict=True):
        leaf = here.detach().requires_grad_()
        with torch.enable_grad():
            f(leaf).backward(inputs=[leaf])
        torch.add(here, leaf.grad, alpha=-lr, out=there)
    return path
