"""
task: jacobian_columns
says: x has 3 elements, and f is called 4 times
"""


def jacobian_columns(f, x):
    at = x.detach()
    jacobian = at.new_zeros(f(at).shape + at.shape)
    flat = jacobian.reshape(-1, at.numel())
    for j, v in enumerate(torch.eye(at.numel(), dtype=at.dtype, device=at.device)):
        with forward_ad.dual_level():
            y = f(forward_ad.make_dual(at, v.reshape(at.shape)))
            column = forward_ad.unpack_dual(y).tangent
        if column is not None:
            flat[:, j] = column.detach().reshape(-1)
    return jacobian
