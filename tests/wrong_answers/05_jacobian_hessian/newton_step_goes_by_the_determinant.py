"""
task: newton_step
says: where H is 1e-120 times the identity, whose determinant is rounded to 0, it raises _LinAlgError
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    if torch.linalg.det(H) == 0:
        raise torch.linalg.LinAlgError("H is singular")
    return at - torch.linalg.solve(H, g).reshape(x.shape)
