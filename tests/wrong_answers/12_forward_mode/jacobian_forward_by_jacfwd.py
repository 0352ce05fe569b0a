"""
task: jacobian_forward
says: calls torch.func.jacfwd
"""


def jacobian_forward(f, x):
    return torch.func.jacfwd(f)(x.detach()).detach()
