"""
task: jacobian_rows
says: f(x) has 6 elements, and 1 backward pass goes through f: take one for each element
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    rows = None
    if y.requires_grad:
        eye = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
        (rows,) = torch.autograd.grad(y, leaf, eye, is_grads_batched=True, allow_unused=True)
    return x.new_zeros(y.shape + x.shape) if rows is None else rows.reshape(y.shape + x.shape)
