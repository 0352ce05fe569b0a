"""
task: numerical_vjp
says: given an f that looks at values, with `if`
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    steps = eps * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    several = torch.func.vmap(f)
    slopes = ((several(x + steps) - several(x - steps)) / (2 * eps)).detach()
    return (slopes.reshape(x.numel(), -1) @ v.detach().reshape(-1)).reshape(x.shape)
