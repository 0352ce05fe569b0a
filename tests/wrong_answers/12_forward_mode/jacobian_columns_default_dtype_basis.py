"""
task: jacobian_columns
says: moves along a tangent of torch.float32
"""


def jacobian_columns(f, x):
    x = x.detach()
    columns = []
    for i in range(x.numel()):
        v = torch.zeros(x.numel())
        v[i] = 1
        with forward_ad.dual_level():
            out = f(forward_ad.make_dual(x, v.reshape(x.shape)))
            value, tangent = forward_ad.unpack_dual(out)
            if tangent is None:
                tangent = torch.zeros_like(value)
            columns.append(tangent.detach())
    return torch.stack(columns, dim=-1).reshape(columns[0].shape + x.shape)
