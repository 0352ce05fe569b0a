"""
task: jacobian_batched
way: torch.func.vmap over the function that torch.func.vjp gives
"""


def jacobian_batched(f, x):
    y, pull = torch.func.vjp(f, x.detach())
    basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    (rows,) = torch.func.vmap(pull)(basis)
    return rows.detach().reshape((*y.shape, *x.shape))
