"""
task: laplacians
says: given 300 points of 3 axes, a tensor of
"""


def laplacians(u, xs):
    n, d = xs.shape
    whole = torch.func.hessian(lambda xs: torch.func.vmap(u)(xs).sum())(xs)
    return whole.reshape(n * d, n * d).diagonal().reshape(n, d).sum(1)
