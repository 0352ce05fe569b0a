"""
task: partials
says: yours[1] is torch.float32, torch's is torch.float16
"""


def partials(f: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    leaves = [t.detach().clone().requires_grad_() for t in (x, y)]
    grads = torch.autograd.grad(f(*leaves), leaves, allow_unused=True)
    grad_x, grad_y = (
        torch.zeros(leaf.shape) if grad is None else grad.detach()
        for leaf, grad in zip(leaves, grads, strict=True)
    )
    return grad_x, grad_y
