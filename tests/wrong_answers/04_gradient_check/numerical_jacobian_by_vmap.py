"""
task: numerical_jacobian
says: given an f that looks at values, with `if`
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    steps = eps * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    several = torch.func.vmap(f)
    slopes = ((several(x + steps) - several(x - steps)) / (2 * eps)).detach()
    return slopes.movedim(0, -1).reshape(slopes.shape[1:] + x.shape)
