"""
task: jacobian_forward
says: f is called 257 times
"""


def jacobian_forward(f, x):
    at = x.detach()

    def column(v):
        return torch.func.jvp(f, (at,), (v,))[1]

    basis = torch.eye(at.numel(), dtype=at.dtype, device=at.device).reshape(-1, *at.shape)

    columns = torch.stack([column(v) for v in basis]).detach()
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)
