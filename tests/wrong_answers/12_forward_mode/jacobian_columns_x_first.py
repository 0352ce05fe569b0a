"""
task: jacobian_columns
says: the axes of x come first
"""


def jacobian_columns(f, x):
    at = x.detach()
    columns = []
    for v in torch.eye(at.numel(), dtype=at.dtype, device=at.device):
        with forward_ad.dual_level():
            y = f(forward_ad.make_dual(at, v.reshape(at.shape)))
            value, column = forward_ad.unpack_dual(y)
        columns.append(torch.zeros_like(value) if column is None else column)
    return torch.stack(columns).reshape(x.shape + value.shape).detach()
