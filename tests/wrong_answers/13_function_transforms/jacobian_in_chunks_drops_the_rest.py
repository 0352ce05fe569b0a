"""
task: jacobian_in_chunks
says: the last rows, fewer than chunk, are left out
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    rows = x.detach().new_zeros(y.numel(), *x.shape)
    for i in range(y.numel() // chunk):
        part = slice(i * chunk, (i + 1) * chunk)
        rows[part] = torch.func.vmap(pullback)(basis[part])[0].detach()
    return rows.reshape(y.shape + x.shape)
