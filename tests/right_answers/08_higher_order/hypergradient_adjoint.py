"""
task: hypergradient
way: carries dval/dw back, by Hessian-vector products
"""


def hypergradient(f, val, w0, lr, steps):
    lr = lr.detach()
    path = [w0.detach()]

    def slope(w):
        w = w.detach().requires_grad_()
        return w, torch.autograd.grad(f(w), w, create_graph=True)[0]

    for _ in range(steps):
        w, g = slope(path[-1])
        path.append((w - lr * g).detach())
    last = path.pop().requires_grad_()
    (a,) = torch.autograd.grad(val(last), last)
    total = torch.zeros_like(lr)
    for w in reversed(path):
        w, g = slope(w)
        total = total - (a * g.detach()).sum()
        if g.requires_grad:
            a = a - lr * torch.autograd.grad(g, w, a, materialize_grads=True)[0]
    return total
