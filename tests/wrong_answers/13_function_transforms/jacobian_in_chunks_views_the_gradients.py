"""
task: jacobian_in_chunks
says: view size is not compatible
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    rows = torch.func.vmap(lambda v: pullback(v)[0].view(-1), chunk_size=chunk)(basis)
    return rows.reshape(y.shape + x.shape).detach()
