"""
task: newton_step
says: the gradient itself is taken for the step: solve H s = g for it
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    return at - g.reshape(x.shape)
