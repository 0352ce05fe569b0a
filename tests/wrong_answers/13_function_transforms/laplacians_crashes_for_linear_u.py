"""
task: laplacians
says: given a u that is linear, it raises RuntimeError
"""


def laplacians(u, xs):
    with torch.enable_grad():
        leaf = xs.detach().requires_grad_()
        (g,) = torch.autograd.grad(torch.func.vmap(u)(leaf).sum(), leaf, create_graph=True)
        return sum(
            torch.autograd.grad(g[:, k].sum(), leaf, create_graph=True)[0][:, k]
            for k in range(xs.shape[1])
        )
