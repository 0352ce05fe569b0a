"""
task: jvp_double_backward
says: a tensor of 40,000 elements is made: x and f(x) have 200 elements each, and J has 40,000
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return torch.zeros_like(y)
    eye = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
    (rows,) = torch.autograd.grad(y, leaf, eye, is_grads_batched=True, allow_unused=True)
    if rows is None:
        return torch.zeros_like(y).detach()
    return (rows.reshape(y.numel(), -1) @ v.reshape(-1)).reshape(y.shape)
