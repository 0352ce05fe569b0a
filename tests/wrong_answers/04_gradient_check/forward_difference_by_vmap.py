"""
task: forward_difference
says: given an f that looks at values, with `if`
"""


def forward_difference(f, x, eps):
    x = x.detach()
    points = x + eps * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    values = torch.func.vmap(f)(points)
    return ((values - f(x)) / eps).detach().reshape(x.shape)
