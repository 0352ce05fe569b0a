"""
task: vjp
says: view size is not compatible
"""


def vjp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return y, torch.zeros_like(x)
    with torch.enable_grad():
        s = torch.dot(y.view(-1), v.reshape(-1))
    (product,) = torch.autograd.grad(s, leaf, materialize_grads=True)
    return y.detach(), product
