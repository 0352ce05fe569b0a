"""
task: jvp_double_backward
says: u is f(x) itself
"""


def jvp_double_backward(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(y)
        u = y
        (pulled,) = torch.autograd.grad(y, leaf, u, create_graph=True, materialize_grads=True)
    if not pulled.requires_grad:
        return torch.zeros_like(y)
    (product,) = torch.autograd.grad(pulled, u, v, materialize_grads=True)
    return product
