"""
task: jacobian_columns
way: stops at the first tangent that is None: f ignores x
"""


def jacobian_columns(f, x):
    x = x.detach()
    columns = []
    for i in range(x.numel()):
        v = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
        v[i] = 1
        with forward_ad.dual_level():
            out = f(forward_ad.make_dual(x, v.reshape(x.shape)))
            value, tangent = forward_ad.unpack_dual(out)
            if tangent is None:
                return value.new_zeros(value.shape + x.shape)
            columns.append(tangent.detach())
    return torch.stack(columns, dim=-1).reshape(columns[0].shape + x.shape)
