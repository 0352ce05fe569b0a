"""
task: cheapest_jacobian
says: take the mode with fewer passes
"""


def cheapest_jacobian(f, x):
    at = x.detach()
    y = f(at)
    forward = x.ndim < y.ndim
    if forward:
        return torch.func.jacfwd(f)(at).detach()
    return torch.autograd.functional.jacobian(f, at)
