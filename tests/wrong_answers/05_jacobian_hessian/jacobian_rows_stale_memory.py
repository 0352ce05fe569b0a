"""
task: jacobian_rows
says: what torch.empty makes is not 0
"""


def jacobian_rows(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        elements = y.reshape(-1).unbind()
    if not y.requires_grad:
        return x.new_empty(y.shape + x.shape)
    rows = [
        torch.autograd.grad(element, leaf, retain_graph=True, materialize_grads=True)[0]
        for element in elements
    ]
    return torch.stack(rows).reshape(y.shape + x.shape)
