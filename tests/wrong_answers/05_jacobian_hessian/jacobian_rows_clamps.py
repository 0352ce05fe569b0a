"""
task: jacobian_rows
says: differ
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        elements = y.reshape(-1).unbind()
    if not y.requires_grad:
        return x.new_zeros(y.shape + x.shape)
    rows = [
        torch.autograd.grad(element, leaf, retain_graph=True, materialize_grads=True)[0]
        for element in elements
    ]
    return torch.stack(rows).reshape(y.shape + x.shape).clamp(-1000.0, 1000.0)
