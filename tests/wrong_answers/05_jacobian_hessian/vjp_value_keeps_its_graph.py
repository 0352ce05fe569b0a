"""
task: vjp
says: yours[0] still has a graph attached
"""


def vjp(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
    if not y.requires_grad:
        return y, torch.zeros_like(x)
    return y, torch.autograd.grad(y, x, v, materialize_grads=True)[0]
