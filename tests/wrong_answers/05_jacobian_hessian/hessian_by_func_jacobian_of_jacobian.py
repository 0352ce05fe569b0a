"""
task: hessian
says: hessian calls torch.func.jac
"""

from torch.func import jacfwd, jacrev


def hessian(f, x):
    return jacfwd(jacrev(f))(x.detach()).detach()
