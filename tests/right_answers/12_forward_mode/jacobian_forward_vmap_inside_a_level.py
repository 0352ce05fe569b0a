"""
task: jacobian_forward
way: a dual level around vmap: x is repeated, and each copy moves along one axis
"""


def jacobian_forward(f, x):
    n = x.numel()
    basis = torch.eye(n, dtype=x.dtype, device=x.device).reshape(n, *x.shape)
    copies = x.detach().repeat(n, *[1] * x.ndim)
    with forward_ad.dual_level():
        y = torch.func.vmap(f)(forward_ad.make_dual(copies, basis))
        value, columns = forward_ad.unpack_dual(y)
    columns = torch.zeros_like(value) if columns is None else columns
    return columns.detach().flatten(1).mT.reshape(*y.shape[1:], *x.shape)
