"""
task: laplacians
way: one backward pass through the gradients of all points for each axis
"""


def laplacians(u, xs):
    with torch.enable_grad():
        leaf = xs.detach().clone().requires_grad_()
        total = (leaf * 0).sum(1)
        y = torch.func.vmap(u)(leaf).sum() + total.sum()
        (g,) = torch.autograd.grad(y, leaf, create_graph=True)
        for k in range(xs.shape[1]):
            if not g.requires_grad:
                break
            (second,) = torch.autograd.grad(
                g[:, k].sum(), leaf, create_graph=True, allow_unused=True
            )
            total = total if second is None else total + second[:, k]
        return total
