"""
task: jacobian_columns
says: an element of x that f ignores
"""


def jacobian_columns(f, x):
    columns = []
    for v in torch.eye(x.numel(), dtype=x.dtype, device=x.device):
        with forward_ad.dual_level():
            y = f(forward_ad.make_dual(x, v.reshape(x.shape)))
            value, column = forward_ad.unpack_dual(y)
        if column is None or not column.any():
            return value.new_zeros(value.shape + x.shape)
        columns.append(column)
    return torch.stack(columns, -1).reshape(value.shape + x.shape).detach()
