"""
task: laplacians
says: u is called with a tensor of shape (4, 3)
"""


def laplacians(u, xs):
    with torch.enable_grad():
        leaf = xs.detach().requires_grad_()
        (g,) = torch.autograd.grad(u(leaf).sum(), leaf, create_graph=True)
        return sum(
            torch.autograd.grad(g[:, k].sum(), leaf, create_graph=True)[0][:, k]
            for k in range(xs.shape[1])
        )
