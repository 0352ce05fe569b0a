"""
task: hypergradient
says: for steps = 0, where val does not depend on lr
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * g
    (out,) = torch.autograd.grad(val(w), lr)
    return out
