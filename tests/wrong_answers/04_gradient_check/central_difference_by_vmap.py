"""
task: central_difference
says: given an f that looks at values, with `if`
"""


def central_difference(f, x, eps):
    x = x.detach()
    steps = eps * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    several = torch.func.vmap(f)
    slopes = ((several(x + steps) - several(x - steps)) / (2 * eps)).detach()
    return slopes.reshape(x.shape)
