"""
task: newton_step
says: on a quadratic with a saddle, where H has eigenvalues of both signs, it raises _LinAlgError: linalg.cholesky
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    return at - torch.cholesky_solve(g[:, None], torch.linalg.cholesky(H)).reshape(x.shape)
