"""
task: jvp
says: calls torch.autograd.grad
"""


def jvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return y, torch.zeros_like(y)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, leaf, u, create_graph=True, materialize_grads=True)
    (product,) = torch.autograd.grad(pulled, u, v, materialize_grads=True)
    return y.detach(), product
