"""
task: jacobian_forward
says: with an x that was itself computed
"""


def jacobian_forward(f, x):
    wanted = x.requires_grad
    x.requires_grad_(False)
    n = x.numel()
    basis = torch.eye(n, dtype=x.dtype, device=x.device).reshape(n, *x.shape)
    columns = torch.func.vmap(lambda v: torch.func.jvp(f, (x,), (v,))[1])(basis)
    x.requires_grad_(wanted)
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape).detach()
