"""
task: jacobian_in_chunks
says: f(x) of shape (4, 5)
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(len(y), dtype=y.dtype, device=y.device)
    (rows,) = torch.func.vmap(pullback, chunk_size=chunk)(basis)
    return rows.reshape(y.shape + x.shape).detach()
