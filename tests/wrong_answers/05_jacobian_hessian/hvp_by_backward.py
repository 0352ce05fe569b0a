"""
task: hvp
says: f uses a leaf, weight, and weight.grad is written
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(x)
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        if g.requires_grad:
            (g * v).sum().backward()
    return torch.zeros_like(x) if leaf.grad is None else leaf.grad
