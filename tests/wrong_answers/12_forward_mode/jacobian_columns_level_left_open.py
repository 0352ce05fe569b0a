"""
task: jacobian_columns
says: forward-mode level
"""


def jacobian_columns(f, x):
    at = x.detach()
    columns = []
    for v in torch.eye(at.numel(), dtype=at.dtype, device=at.device):
        forward_ad.enter_dual_level()
        y = f(forward_ad.make_dual(at, v.reshape(at.shape)))
        value, column = forward_ad.unpack_dual(y)
        forward_ad.exit_dual_level()
        columns.append(torch.zeros_like(value) if column is None else column)
    return torch.stack(columns, -1).reshape(value.shape + x.shape).detach()
