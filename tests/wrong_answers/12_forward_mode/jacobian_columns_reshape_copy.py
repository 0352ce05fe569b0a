"""
task: jacobian_columns
says: given a transposed x of shape (3, 2)
"""


def jacobian_columns(f, x):
    x = x.detach()
    columns = []
    for i in range(x.numel()):
        v = torch.zeros_like(x)
        v.reshape(-1)[i] = 1
        with forward_ad.dual_level():
            out = f(forward_ad.make_dual(x, v.reshape(x.shape)))
            value, tangent = forward_ad.unpack_dual(out)
            if tangent is None:
                tangent = torch.zeros_like(value)
            columns.append(tangent.detach())
    return torch.stack(columns, dim=-1).reshape(columns[0].shape + x.shape)
