"""
task: laplacians
says: u is called 4 times
"""


def laplacians(u, xs):
    return torch.stack([torch.func.hessian(u)(x).diagonal().sum() for x in xs])
