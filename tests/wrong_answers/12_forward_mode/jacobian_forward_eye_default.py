"""
task: jacobian_forward
says: moves along a tangent of torch.float32
"""


def jacobian_forward(f, x):
    x = x.detach()
    n = x.numel()
    basis = torch.eye(n).reshape(n, *x.shape)
    columns = torch.func.vmap(lambda v: torch.func.jvp(f, (x,), (v,))[1])(basis)
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape).detach()
