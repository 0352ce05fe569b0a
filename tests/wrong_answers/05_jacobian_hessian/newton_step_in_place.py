"""
task: newton_step
says: the value of
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    at -= torch.linalg.solve(H, g).reshape(x.shape)
    return at
