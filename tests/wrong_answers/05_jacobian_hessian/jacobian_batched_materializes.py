"""
task: jacobian_batched
says: materialize_grads fills in: it gives zeros in the shape of x
"""


def jacobian_batched(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return x.new_zeros(y.shape + x.shape)
    eye = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    (rows,) = torch.autograd.grad(y, leaf, eye, is_grads_batched=True, materialize_grads=True)
    return rows.reshape(y.shape + x.shape) if rows.shape != x.shape else rows
