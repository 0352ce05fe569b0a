"""
task: hvp
says: create_graph=True is left out
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        if not g.requires_grad:
            return torch.zeros_like(x)
        return torch.autograd.grad(g, leaf, v)[0]
