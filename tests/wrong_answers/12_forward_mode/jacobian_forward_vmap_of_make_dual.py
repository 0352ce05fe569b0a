"""
task: jacobian_forward
says: raises
"""


def jacobian_forward(f, x):
    at = x.detach()

    def column(v):
        with forward_ad.dual_level():
            return forward_ad.unpack_dual(f(forward_ad.make_dual(at, v))).tangent

    basis = torch.eye(at.numel(), dtype=at.dtype, device=at.device).reshape(-1, *at.shape)
    columns = torch.func.vmap(column)(basis).detach()
    return columns.movedim(0, -1).reshape(columns.shape[1:] + x.shape)
