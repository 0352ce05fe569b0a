"""
task: vjp
says: the two are swapped: f(x) comes first
"""


def vjp(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
    if not y.requires_grad:
        return torch.zeros_like(x).detach(), y
    return torch.autograd.grad(y, x, v, materialize_grads=True)[0], y.detach()
