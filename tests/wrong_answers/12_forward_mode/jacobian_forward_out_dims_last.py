"""
task: jacobian_forward
says: X?
"""


def jacobian_forward(f, x):
    x = x.detach()
    n = x.numel()
    basis = torch.eye(n, dtype=x.dtype, device=x.device).reshape(n, *x.shape)
    columns = torch.func.vmap(lambda v: torch.func.jvp(f, (x,), (v,))[1], out_dims=-1)(basis)
    return columns.reshape(columns.shape[:-1] + x.shape).detach()
