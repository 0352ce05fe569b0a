"""
task: hypergradient
way: walks the steps backward by hand
"""


def hypergradient(f, val, w0, lr, steps):
    rate = lr.detach().clone()
    path, grads = [w0.detach().clone().requires_grad_()], []
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(path[-1]), path[-1], create_graph=True)
        grads.append(g)
        path.append((path[-1] - rate * g).detach().requires_grad_())
    (adj,) = torch.autograd.grad(val(path[-1]), path[-1])
    total = torch.zeros_like(rate)
    for w, g in zip(reversed(path[:-1]), reversed(grads)):
        total = total - (adj * g.detach()).sum()
        hv = torch.autograd.grad(g, w, adj, allow_unused=True)[0] if g.requires_grad else None
        if hv is not None:
            adj = adj - rate * hv
    return total
