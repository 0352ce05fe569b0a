"""
task: hypergradient
says: only the last ten steps count
"""


def hypergradient(f, val, w0, lr, steps):
    rate = lr.detach().requires_grad_()
    w = w0.detach().requires_grad_()
    for k in range(steps):
        if k <= steps - 10:
            w = w.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - rate * g
    return torch.autograd.grad(val(w), rate, materialize_grads=True)[0].detach()
