"""
task: laplacian
says: the diagonal of an H of four axes is taken from two of them alone
"""


def laplacian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0] for e in g.reshape(-1)]
        H = torch.stack(rows).reshape(x.shape + x.shape)
    return H.diagonal().sum()
