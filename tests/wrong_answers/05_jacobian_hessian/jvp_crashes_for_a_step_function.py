"""
task: jvp_double_backward
says: given torch.sign of x[0], whose uᵀJ is zeros without a graph to u, it raises RuntimeError
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(y)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, leaf, u, create_graph=True, materialize_grads=True)
    return torch.autograd.grad(pulled, u, v, materialize_grads=True)[0]
