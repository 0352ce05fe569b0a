"""
task: numerical_jacobian
way: rows by x, moved to the end with a transpose
"""


@torch.no_grad()
def numerical_jacobian(f, x, eps):
    steps = eps * torch.eye(x.numel(), dtype=x.dtype, device=x.device)
    rows = [f(x + s.reshape(x.shape)) - f(x - s.reshape(x.shape)) for s in steps]
    flat = torch.stack([row.flatten() for row in rows]) / (2 * eps)
    return flat.T.reshape(*rows[0].shape, *x.shape)
