"""
task: jacobian_forward
says: f is called 2 times
"""


def jacobian_forward(f, x):
    x = x.detach()
    n = x.numel()
    basis = torch.eye(n, dtype=x.dtype, device=x.device).reshape(n, *x.shape)
    columns = torch.func.vmap(lambda v: torch.func.jvp(f, (x,), (v,))[1], chunk_size=256)(basis)
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape).detach()
