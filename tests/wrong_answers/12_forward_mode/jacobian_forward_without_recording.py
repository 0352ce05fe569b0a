"""
task: jacobian_forward
says: f is called with recording switched off
"""


def jacobian_forward(f, x):
    def column(v):
        return torch.func.jvp(f, (x.detach(),), (v,))[1]

    basis = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    with torch.no_grad():
        columns = torch.func.vmap(column)(basis)
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)
