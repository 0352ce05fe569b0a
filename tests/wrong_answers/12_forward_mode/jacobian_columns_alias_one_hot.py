"""
task: jacobian_columns
says: each column is the last one
"""


def jacobian_columns(f, x):
    x = x.detach()
    columns = []
    v = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
    for i in range(x.numel()):
        v.zero_()
        v[i] = 1
        with forward_ad.dual_level():
            out = f(forward_ad.make_dual(x, v.reshape(x.shape)))
            value, tangent = forward_ad.unpack_dual(out)
            if tangent is None:
                tangent = torch.zeros_like(value)
            columns.append(tangent.detach())
    return torch.stack(columns, dim=-1).reshape(columns[0].shape + x.shape)
