"""
task: jacobian_forward
says: is torch.float64
"""


def jacobian_forward(f, x):
    at = x.detach()

    def column(v):
        return torch.func.jvp(f, (at,), (v.to(at),))[1]

    basis = torch.eye(at.numel(), dtype=torch.float64, device=at.device).reshape(-1, *at.shape)
    columns = torch.func.vmap(column)(basis).detach().double()
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)
