"""
At the first two tests f and val are the same function.

task: hypergradient
says: f is taken for val
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * g
    (out,) = torch.autograd.grad(f(w), lr, materialize_grads=True)
    return out
