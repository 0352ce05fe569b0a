"""
task: hypergradient
says: the slope of val by w0 is returned
"""


def hypergradient(f, val, w0, lr, steps):
    start = w = w0.detach().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * g
    (out,) = torch.autograd.grad(val(w), start, materialize_grads=True)
    return out
