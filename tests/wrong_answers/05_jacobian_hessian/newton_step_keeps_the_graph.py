"""
task: newton_step
says: still has a graph attached
"""


def newton_step(f, x):
    n = x.numel()
    g = torch.autograd.functional.jacobian(f, x).reshape(n)
    H = torch.autograd.functional.hessian(f, x).reshape(n, n)
    return x - torch.linalg.solve(H, g).reshape(x.shape)
