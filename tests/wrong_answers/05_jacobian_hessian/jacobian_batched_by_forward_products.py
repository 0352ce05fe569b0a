"""
task: jacobian_batched
says: 0 backward passes go through f: one is due
"""


def jacobian_batched(f, x):
    at = x.detach()
    basis = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    columns = torch.vmap(lambda e: torch.func.jvp(f, (at,), (e,))[1])(basis)
    columns = columns.movedim(0, -1)
    return columns.reshape(*columns.shape[:-1], *x.shape).detach()
