"""
task: newton_step
says: the step is added to x: subtract it
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    return at + torch.linalg.solve(H, g).reshape(x.shape)
