"""
task: hypergradient
says: the slope of val by the last w is returned
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * g
    (outer,) = torch.autograd.grad(val(w), w)
    return outer if steps else torch.zeros_like(lr)
