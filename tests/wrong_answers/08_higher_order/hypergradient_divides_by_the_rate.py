"""
task: hypergradient
says: it divides by lr, which is 0
"""


def hypergradient(f, val, w0, lr, steps):
    lr, w = lr.detach(), w0.detach()
    path, s = [w], torch.zeros_like(w)
    for _ in range(steps):
        here = path[-1].detach().requires_grad_()
        (g,) = torch.autograd.grad(f(here), here, create_graph=True)
        hs = torch.zeros_like(s)
        if g.requires_grad:
            (hs,) = torch.autograd.grad(g, here, s, materialize_grads=True)
        path.append(path[-1] - lr * g.detach())
        s = s - (path[-2] - path[-1]) / lr - lr * hs.detach()
    end = path[-1].detach().requires_grad_()
    (q,) = torch.autograd.grad(val(end), end)
    return (q * s).sum()
