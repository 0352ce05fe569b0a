"""
task: jacobian_forward
says: still has a graph attached
"""


def jacobian_forward(f, x):
    at = x.detach()

    def column(v):
        return torch.func.jvp(f, (at,), (v,))[1]

    basis = torch.eye(at.numel(), dtype=at.dtype, device=at.device).reshape(-1, *at.shape)

    columns = torch.func.vmap(column)(basis)
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)
