"""
task: hypergradient
says: only the last step counts
"""


def hypergradient(f, val, w0, lr, steps):
    w = w0.detach()
    lr = lr.detach()
    g = torch.zeros_like(w)
    for _ in range(steps):
        w = w.requires_grad_()
        (g,) = torch.autograd.grad(f(w), w)
        w = (w - lr * g).detach()
    w.requires_grad_()
    (outer,) = torch.autograd.grad(val(w), w)
    return -(outer * g).sum()
