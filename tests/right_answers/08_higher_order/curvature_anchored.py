"""
task: curvature
way: where ties the gradient to x; einsum
"""


def _anchor(value: Tensor, leaf: Tensor) -> Tensor:
    return torch.where(torch.ones_like(leaf, dtype=torch.bool), value, leaf)


def curvature(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    leaf = x.detach().clone().requires_grad_()
    direction = v.detach().clone()
    (gradient,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
    (product,) = torch.autograd.grad(_anchor(gradient, leaf), leaf, direction)
    return torch.einsum("i,i->", product.reshape(-1), direction.reshape(-1))
