"""
task: cheapest_jacobian
says: f is called with recording switched off
"""


def cheapest_jacobian(f, x):
    at = x.detach()
    with torch.no_grad():
        outputs = f(at).numel()
    if at.numel() < outputs:
        return torch.func.jacfwd(f)(at).detach()
    return torch.autograd.functional.jacobian(f, at)
