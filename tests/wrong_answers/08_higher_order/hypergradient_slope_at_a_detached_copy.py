"""
task: hypergradient
says: the slopes are constants to autograd
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        at = w.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(at), at)
        w = w - lr * g
    (out,) = torch.autograd.grad(val(w), lr, materialize_grads=True)
    return out
