"""
task: newton_step
says: given x of shape (4, 3), it raises
"""


def newton_step(f, x):
    at = x.detach()
    g = torch.autograd.functional.jacobian(f, at)
    H = torch.autograd.functional.hessian(f, at)
    return at - torch.linalg.solve(H, g)
