"""
task: laplacians
says: the gradient is added up
"""


def laplacians(u, xs):
    def laplacian(x):
        return torch.func.grad(u)(x).sum()

    return torch.func.vmap(laplacian)(xs)
