"""
task: laplacian
says: ErrorOfF is due when the backward of f's gradient raises ErrorOfF, a RuntimeError with torch's own words; nothing was raised
"""


def g(e, leaf):
    try:
        return torch.autograd.grad(e, leaf, retain_graph=True)[0]
    except RuntimeError:
        return torch.zeros_like(leaf).detach()


def laplacian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(())
        (gradient,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        elements = gradient.reshape(-1).unbind()
    if not gradient.requires_grad:
        return x.new_zeros(())
    rows = [g(element, leaf) for element in elements]
    return torch.stack(rows).reshape(x.numel(), x.numel()).trace()
