"""
task: hypergradient
way: carries dw/dlr along, forward
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach(), lr.detach()
    s = torch.zeros_like(w)
    for _ in range(steps):
        w = w.requires_grad_()
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        hs = torch.zeros_like(s)
        if g.requires_grad:
            (hs,) = torch.autograd.grad(g, w, s, materialize_grads=True)
        w, s = (w - lr * g).detach(), s - lr * hs - g.detach()
    w = w.requires_grad_()
    (outer,) = torch.autograd.grad(val(w), w)
    return (outer * s).sum()
