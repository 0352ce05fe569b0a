"""
task: laplacians
says: is cut from the graph
"""


def laplacians(u, xs):
    with torch.enable_grad():
        leaf = xs.detach().requires_grad_()
        y = torch.func.vmap(u)(leaf).sum()
        if not y.requires_grad:
            return xs.new_zeros(len(xs))
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, allow_unused=True)
        if g is None or not g.requires_grad:
            return xs.new_zeros(len(xs))
        total = xs.new_zeros(len(xs))
        for k in range(xs.shape[1]):
            column = g[:, k].sum()
            (second,) = torch.autograd.grad(column, leaf, retain_graph=True, allow_unused=True)
            total = total if second is None else total + second[:, k]
        return total
