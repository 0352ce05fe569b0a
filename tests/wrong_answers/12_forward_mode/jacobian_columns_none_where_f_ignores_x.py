"""
task: jacobian_columns
says: with an x that was itself computed, it raises TypeError
"""


def jacobian_columns(f, x):
    at = x.detach()
    columns = []
    for v in torch.eye(at.numel(), dtype=at.dtype, device=at.device):
        with forward_ad.dual_level():
            y = f(forward_ad.make_dual(at, v.reshape(at.shape)))
            value, column = forward_ad.unpack_dual(y)
        columns.append(column)
    return torch.stack(columns, -1).reshape(value.shape + x.shape).detach()
