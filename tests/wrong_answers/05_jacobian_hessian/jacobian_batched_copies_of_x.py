"""
task: jacobian_batched
says: f is called with a tensor of shape (2, 4, 3); x has shape (4, 3)
"""


def jacobian_batched(f, x):
    with torch.enable_grad():
        n = f(x.detach()).numel()
        copies = x.detach().expand(n, *x.shape).clone().requires_grad_()
        y = f(copies).reshape(n, n)
        (rows,) = torch.autograd.grad(y.diagonal().sum(), copies)
    return rows
