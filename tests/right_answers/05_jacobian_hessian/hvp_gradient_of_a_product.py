"""
task: hvp
way: the gradient of the product of gradient and v
"""


def hvp(f, x, v):
    leaf = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(leaf, requires_grad=False)
        g = torch.autograd.grad(y, leaf, create_graph=True, allow_unused=True)[0]
        if g is None:
            return torch.zeros_like(leaf, requires_grad=False)
        dot = (g * v).sum()
        if not dot.requires_grad:
            return torch.zeros_like(leaf, requires_grad=False)
        out = torch.autograd.grad(dot, leaf, allow_unused=True)[0]
    return torch.zeros_like(leaf, requires_grad=False) if out is None else out
