"""
task: newton_step
way: torch.func for both derivatives
"""


def newton_step(f, x):
    at = x.detach()
    g = torch.func.grad(f)(at).detach()
    H = torch.func.hessian(f)(at).detach()
    return at - torch.linalg.solve(H.reshape(x.numel(), -1), g.reshape(-1)).reshape_as(x)
