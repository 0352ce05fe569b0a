"""
task: hvp
says: only a gradient that was computed with create_graph=True can be differentiated again
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        return torch.autograd.grad(g, leaf, v)[0]
