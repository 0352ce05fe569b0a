"""
task: hvp
says: what torch.empty makes is not 0
"""


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(x)
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
    if not gradient.requires_grad:
        return torch.empty_like(x)
    # H is symmetric, so that vᵀH is Hv.
    (product,) = torch.autograd.grad(gradient, leaf, v, materialize_grads=True)
    return product
