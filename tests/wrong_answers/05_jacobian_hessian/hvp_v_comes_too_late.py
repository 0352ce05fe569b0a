"""
task: hvp
says: v is multiplied in after the second pass, and not before
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        return torch.autograd.grad(g.sum(), leaf)[0] * v
