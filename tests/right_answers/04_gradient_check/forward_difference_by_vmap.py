"""
task: forward_difference
way: gives all the points to f at once, through vmap
"""


def forward_difference(f, x, eps):
    x = x.detach()
    points = x + eps * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    values = torch.func.vmap(f)(points)
    return ((values - f(x)) / eps).detach().reshape(x.shape)
