"""
task: jacobian_columns
says: with an x that was itself computed
"""


def jacobian_columns(f, x):
    wanted = x.requires_grad
    x.requires_grad_(False)
    columns = []
    for i in range(x.numel()):
        v = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
        v[i] = 1
        with forward_ad.dual_level():
            out = f(forward_ad.make_dual(x, v.reshape(x.shape)))
            value, tangent = forward_ad.unpack_dual(out)
            if tangent is None:
                tangent = torch.zeros_like(value)
            columns.append(tangent.detach())
    x.requires_grad_(wanted)
    return torch.stack(columns, dim=-1).reshape(columns[0].shape + x.shape)
