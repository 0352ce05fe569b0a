"""
task: hypergradient
says: only the last step counts
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        w = w.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * g
    (out,) = torch.autograd.grad(val(w), lr, materialize_grads=True)
    return out
