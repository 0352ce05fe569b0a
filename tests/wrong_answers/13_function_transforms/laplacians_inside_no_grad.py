"""
task: laplacians
says: is cut from the graph
"""


def laplacians(u, xs):
    def laplacian(x):
        return torch.func.hessian(u)(x).diagonal().sum()

    with torch.no_grad():
        return torch.func.vmap(laplacian)(xs)
