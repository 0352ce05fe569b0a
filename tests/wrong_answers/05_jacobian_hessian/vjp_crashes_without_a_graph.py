"""
task: vjp
says: given an f that ignores x, whose result has no graph, it raises RuntimeError
says: does not require grad
"""


def vjp(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
        return y.detach(), torch.autograd.grad(y, x, v, materialize_grads=True)[0]
