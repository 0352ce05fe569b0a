"""
task: central_difference
way: steps along the rows of an identity matrix
"""


def central_difference(f, x, eps):
    x = x.detach()
    slopes = []
    for row in torch.eye(x.numel(), dtype=x.dtype, device=x.device):
        step = eps * row.view(x.shape)
        slopes.append((f(x + step) - f(x - step)).detach() / (2 * eps))
    return torch.stack(slopes).view(x.shape)
