"""
task: jacobian_columns
way: one dual level around the whole loop, each column written in its place
"""


def jacobian_columns(f, x):
    jacobian = None
    with forward_ad.dual_level():
        for j in range(x.numel()):
            v = torch.zeros_like(x.detach(), memory_format=torch.contiguous_format)
            v.view(-1)[j] = 1
            value, column = forward_ad.unpack_dual(f(forward_ad.make_dual(x.detach().clone(), v)))
            if jacobian is None:
                jacobian = x.new_zeros(*value.shape, x.numel())
            if column is not None:
                jacobian[..., j] = column.detach()
    return jacobian.reshape(jacobian.shape[:-1] + x.shape)
