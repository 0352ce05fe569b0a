"""
task: cheapest_jacobian
says: given a transposed x of shape (3, 2)
"""


def cheapest_jacobian(f, x):
    at = x.detach()
    eps = 6e-6 if x.dtype == torch.float64 else 5e-3
    columns = []
    for v in torch.eye(at.numel(), dtype=at.dtype, device=at.device):
        step = eps * v.reshape(at.shape)
        columns.append((f(at + step) - f(at - step)).detach() / (2 * eps))
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)
