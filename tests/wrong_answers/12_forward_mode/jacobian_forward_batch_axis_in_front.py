"""
task: jacobian_forward
says: the axes of x come first
"""


def jacobian_forward(f, x):
    at = x.detach()

    def column(v):
        return torch.func.jvp(f, (at,), (v,))[1]

    basis = torch.eye(at.numel(), dtype=at.dtype, device=at.device).reshape(-1, *at.shape)

    columns = torch.func.vmap(column)(basis).detach()
    return columns.reshape(x.shape + columns.shape[1:])
