"""
task: laplacians
says: points of which one is NaN
"""


def laplacians(u, xs):
    laplacian = lambda x: torch.func.hessian(u)(x).diagonal().sum()  # noqa: E731
    return torch.func.vmap(laplacian)(xs).nan_to_num()
