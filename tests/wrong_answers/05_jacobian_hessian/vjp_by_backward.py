"""
task: vjp
says: f uses a leaf, weight, and weight.grad is written
"""


def vjp(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
    if y.requires_grad:
        y.backward(v)
    return y.detach(), torch.zeros_like(x).detach() if x.grad is None else x.grad
