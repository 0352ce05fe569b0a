"""
task: hypergradient
says: w0 is differentiated with lr, for it is the same tensor
"""


def hypergradient(f, val, w0, lr, steps):
    w = w0 if w0.requires_grad else w0.detach().requires_grad_()
    lr = lr if lr.requires_grad else lr.detach().requires_grad_()
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * gradient
    (derivative,) = torch.autograd.grad(val(w), lr, materialize_grads=True)
    return derivative.detach()
