"""
task: vjp
says: given an f that ignores x, whose result has a graph, which leads to another leaf, it raises
says: not have been used in the graph
"""


def vjp(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
    if not y.requires_grad:
        return y, torch.zeros_like(x).detach()
    return y.detach(), torch.autograd.grad(y, x, v)[0]
