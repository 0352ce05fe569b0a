"""
task: cheapest_jacobian
says: given x of shape (1, 79) and f(x) of shape (20,), forward mode makes
"""


def cheapest_jacobian(f, x):
    return torch.func.jacfwd(f)(x.detach()).detach()
