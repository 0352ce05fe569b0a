"""
task: jacobian_in_chunks
says: 20 backward passes go through f for 20 rows
"""


def jacobian_in_chunks(f, x, chunk):
    y, pullback = torch.func.vjp(f, x)
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    rows = torch.stack([pullback(v)[0] for v in basis])
    return rows.reshape(y.shape + x.shape).detach()
