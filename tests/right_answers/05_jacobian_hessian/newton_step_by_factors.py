"""
task: newton_step
way: LU factors, which tell a singular H by a zero on the diagonal
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n, 1)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    LU, pivots, info = torch.linalg.lu_factor_ex(H)
    if info.item():
        raise torch.linalg.LinAlgError("H is singular")
    return at - torch.linalg.lu_solve(LU, pivots, g).reshape(x.shape)
