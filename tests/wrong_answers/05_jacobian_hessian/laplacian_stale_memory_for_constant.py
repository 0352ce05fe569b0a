"""
task: laplacian
says: what torch.empty makes is not 0
"""


def laplacian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_empty(())
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        elements = gradient.reshape(-1).unbind()
    if not gradient.requires_grad:
        return x.new_zeros(())
    rows = [
        torch.autograd.grad(element, leaf, retain_graph=True, materialize_grads=True)[0]
        for element in elements
    ]
    return torch.stack(rows).reshape(x.numel(), x.numel()).trace()
