"""
task: newton_step
says: differ
"""


def newton_step(f, x):
    at, n = (x.detach(), x.numel())
    gradient = torch.autograd.functional.jacobian(f, at)
    curvature = torch.autograd.functional.hessian(f, at)
    step: Tensor = torch.linalg.solve(curvature.reshape(n, n), gradient.reshape(n))
    return at - step.reshape(x.shape).clamp(-1000.0, 1000.0)
