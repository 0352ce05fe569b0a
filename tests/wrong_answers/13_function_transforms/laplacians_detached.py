"""
task: laplacians
says: is cut from the graph
"""


def laplacians(u, xs):
    def laplacian(x):
        return torch.func.hessian(u)(x).diagonal().sum()

    return torch.func.vmap(laplacian)(xs).detach()
