"""
task: hvp
says: view size is not compatible
"""


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(x)
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        s = torch.dot(gradient.view(-1), v.reshape(-1))
    if not gradient.requires_grad:
        return torch.zeros_like(x)
    # H is symmetric, so that vᵀH is Hv.
    (product,) = torch.autograd.grad(s, leaf, materialize_grads=True)
    return product
