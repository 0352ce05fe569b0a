"""
Each slope is taken at w0.

task: hypergradient
says: every slope is taken at w0
"""


def hypergradient(f, val, w0, lr, steps):
    start, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    w = start
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(start), start, create_graph=True)
        w = w - lr * g
    (out,) = torch.autograd.grad(val(w), lr, materialize_grads=True)
    return out
