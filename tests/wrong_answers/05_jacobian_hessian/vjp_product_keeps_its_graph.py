"""
task: vjp
says: yours[1] still has a graph attached
"""


def vjp(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
    if not y.requires_grad:
        return y, torch.zeros_like(x).detach()
    return y.detach(), torch.autograd.grad(y, x, v, create_graph=True, materialize_grads=True)[0]
