"""
task: cheapest_jacobian
says: given x of shape (10,) and f(x) of shape (95,), forward mode makes
"""


def cheapest_jacobian(f, x):
    x = x.detach()
    if 10 * x.numel() < f(x).numel():
        return torch.func.jacfwd(f)(x).detach()
    return torch.autograd.functional.jacobian(f, x).detach()
