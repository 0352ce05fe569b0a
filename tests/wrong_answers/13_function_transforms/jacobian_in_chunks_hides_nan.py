"""
task: jacobian_in_chunks
says: of NaN
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    (rows,) = torch.func.vmap(pullback, chunk_size=chunk)(basis)
    return rows.reshape(y.shape + x.shape).detach().nan_to_num()
