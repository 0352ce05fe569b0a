"""
task: newton_step
says: LinAlgError is due when f is linear, so that H is 0; nothing was raised
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at)
    h = torch.autograd.functional.hessian(f, at)
    if n == 1:
        return at - g.reshape(x.shape) / h.reshape(x.shape)
    return at - torch.linalg.solve(h.reshape(n, n), g.reshape(n)).reshape(x.shape)
