"""
task: jvp_double_backward
says: Jv of f(x) = x
says: f(x) is taken for constant because it has no grad_fn: it is the leaf itself here
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if y.grad_fn is None:
            return torch.zeros_like(y, requires_grad=False)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, leaf, u, create_graph=True, materialize_grads=True)
        if not pulled.requires_grad:
            return torch.zeros_like(y)
    return torch.autograd.grad(pulled, u, v, materialize_grads=True)[0]
