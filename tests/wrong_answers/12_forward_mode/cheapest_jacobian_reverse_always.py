"""
task: cheapest_jacobian
says: given x of shape (2,) and f(x) of shape (40,), forward mode makes
"""


def cheapest_jacobian(f, x):
    return torch.autograd.functional.jacobian(f, x.detach())
