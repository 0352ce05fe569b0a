"""
task: laplacian
says: all entries of H are added up, as differentiating the sum of the gradient does
"""


def laplacian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        return torch.autograd.grad(g.sum(), leaf)[0].sum()
