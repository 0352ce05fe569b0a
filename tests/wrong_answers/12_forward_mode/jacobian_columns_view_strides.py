"""
task: jacobian_columns
says: given a transposed x of shape (3, 2)
"""


def jacobian_columns(f, x):
    x = x.detach()
    columns = []
    for i in range(x.numel()):
        flat = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
        flat[i] = 1
        v = torch.empty_like(x)
        v.as_strided((x.numel(),), (1,)).copy_(flat)
        columns.append(torch.func.jvp(f, (x,), (v,))[1].detach())
    return torch.stack(columns, dim=-1).reshape(columns[0].shape + x.shape)
