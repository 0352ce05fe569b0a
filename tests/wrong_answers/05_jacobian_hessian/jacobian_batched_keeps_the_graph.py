"""
task: jacobian_batched
says: still has a graph attached
"""


def jacobian_batched(f, x):
    y, pull = torch.func.vjp(f, x.detach())
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    (rows,) = torch.vmap(pull)(basis)
    return rows.reshape(y.shape + x.shape)
