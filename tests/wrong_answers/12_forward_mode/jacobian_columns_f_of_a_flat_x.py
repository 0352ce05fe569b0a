"""
task: jacobian_columns
says: f is called with a tensor of shape (6,)
"""


def jacobian_columns(f, x):
    at = x.detach().reshape(-1)
    columns = []
    for v in torch.eye(at.numel(), dtype=at.dtype, device=at.device):
        with forward_ad.dual_level():
            y = f(forward_ad.make_dual(at, v))
            value, column = forward_ad.unpack_dual(y)
        columns.append(torch.zeros_like(value) if column is None else column)
    return torch.stack(columns, -1).reshape(value.shape + x.shape).detach()
