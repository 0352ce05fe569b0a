"""
task: laplacians
says: all entries of H are added up
"""


def laplacians(u, xs):
    def laplacian(x):
        return torch.func.hessian(u)(x).sum()

    return torch.func.vmap(laplacian)(xs)
