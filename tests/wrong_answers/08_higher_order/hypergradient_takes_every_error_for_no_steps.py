"""
task: hypergradient
says: an except hides such errors
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * gradient
    try:
        (derivative,) = torch.autograd.grad(val(w), lr)
    except RuntimeError:
        return torch.zeros_like(lr).detach()
    return derivative
