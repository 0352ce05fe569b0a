"""
task: hvp
way: the product of gradient and v by einsum
"""


def hvp(f, x, v):
    from torch.func import grad, vjp

    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_(True)
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(x)
        g = torch.autograd.grad(y, leaf, create_graph=True, allow_unused=True)[0]
        if g is None or not g.requires_grad:
            return torch.zeros_like(x)
        dot = torch.einsum("i,i->", g.reshape(-1), v.detach().reshape(-1))
        h = torch.autograd.grad(dot, leaf, allow_unused=True)[0]
    return torch.zeros_like(x) if h is None else h
