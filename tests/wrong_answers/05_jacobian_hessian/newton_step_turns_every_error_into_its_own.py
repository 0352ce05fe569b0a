"""
task: newton_step
says: ErrorOfF is due when the backward of f raises ErrorOfF, a RuntimeError with torch's own words; _LinAlgError was raised
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    try:
        gradient = torch.autograd.functional.jacobian(f, at)
        curvature = torch.autograd.functional.hessian(f, at)
        step = torch.linalg.lu_solve(
            *torch.linalg.lu_factor(curvature.reshape(n, n)), gradient.reshape(n, 1)
        )
    except RuntimeError as e:
        raise torch.linalg.LinAlgError(str(e))
    return at - step.reshape(x.shape)
