"""
task: jacobian_batched
says: the axes of x come first: those of f(x) do
"""


def jacobian_batched(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    eye = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    (rows,) = torch.autograd.grad(y, leaf, eye, is_grads_batched=True)
    return rows.movedim(0, -1).reshape(x.shape + y.shape)
