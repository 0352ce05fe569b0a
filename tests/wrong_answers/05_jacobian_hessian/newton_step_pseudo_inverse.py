"""
task: newton_step
says: for s = x - result; 1e-12 is allowed
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    return at - (torch.linalg.pinv(H) @ g).reshape(x.shape)
