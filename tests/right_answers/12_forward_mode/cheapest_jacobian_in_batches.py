"""
task: cheapest_jacobian
way: jacrev where x is larger, jacfwd where it is not
"""


def cheapest_jacobian(f, x):
    at = x.detach().clone()
    forward = at.numel() <= f(at).detach().numel()
    jacobian = torch.func.jacfwd(f) if forward else torch.func.jacrev(f)
    return jacobian(at).detach()
