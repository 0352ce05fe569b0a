"""
Uses arguments that record as they are and treats only x is y, so a y computed from x counts for x as well.

task: partials
says: the gradient by y also runs through x, which was computed from y
"""


def partials(f: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    a = x if x.requires_grad else x.detach().requires_grad_()
    b = y if y.requires_grad and y is not x else y.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(f(a, b), (a, b), materialize_grads=True)
