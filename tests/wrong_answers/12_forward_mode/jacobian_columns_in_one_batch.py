"""
task: jacobian_columns
says: calls torch.func.vmap
"""


def jacobian_columns(f, x):
    at = x.detach()
    basis = torch.eye(at.numel(), dtype=at.dtype, device=at.device).reshape(-1, *at.shape)
    columns = torch.func.vmap(lambda v: torch.func.jvp(f, (at,), (v,))[1])(basis).detach()
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)
