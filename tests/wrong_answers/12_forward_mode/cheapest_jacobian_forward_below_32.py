"""
task: cheapest_jacobian
says: take the mode with fewer passes
"""


def cheapest_jacobian(f, x):
    z = x.detach()
    return (torch.func.jacfwd if z.numel() < 32 else torch.func.jacrev)(f)(z).detach()
