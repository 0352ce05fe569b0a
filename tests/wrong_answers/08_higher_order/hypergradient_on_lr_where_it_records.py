"""
Takes lr and w0 as they are where they record.

task: hypergradient
says: w0 is differentiated with lr, for it is the same tensor
"""


def hypergradient(f, val, w0, lr, steps):
    if steps == 0:
        return torch.zeros_like(lr).detach()
    leaf = lr if lr.requires_grad and lr.is_leaf else lr.detach().requires_grad_()
    w = w0 if w0.requires_grad else w0.detach().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - leaf * g
    (d,) = torch.autograd.grad(val(w), leaf)
    return d
