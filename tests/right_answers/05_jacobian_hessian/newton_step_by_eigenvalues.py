"""
task: newton_step
way: eigenvalues and eigenvectors of the symmetric H
"""


def newton_step(f, x):
    at, n = x.detach(), x.numel()
    g = torch.autograd.functional.jacobian(f, at).reshape(n)
    H = torch.autograd.functional.hessian(f, at).reshape(n, n)
    values, vectors = torch.linalg.eigh(H)
    if values.abs().min() <= n * torch.finfo(x.dtype).eps * values.abs().max():
        raise torch.linalg.LinAlgError("singular")
    return at - (vectors @ ((vectors.T @ g) / values)).reshape(x.shape)
