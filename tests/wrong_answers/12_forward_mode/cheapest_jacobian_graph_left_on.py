"""
task: cheapest_jacobian
says: still has a graph attached
"""


def cheapest_jacobian(f, x):
    if x.numel() < f(x).numel():
        return torch.func.jacfwd(f)(x)
    return torch.autograd.functional.jacobian(f, x, create_graph=True)
