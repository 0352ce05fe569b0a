"""
task: hvp
says: a tensor of 4,000,000 elements is made: x has 2000 elements, and H has 4,000,000
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(x)
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
    if not g.requires_grad:
        return torch.zeros_like(x)
    eye = torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    (rows,) = torch.autograd.grad(g, leaf, eye, is_grads_batched=True, allow_unused=True)
    if rows is None:
        return torch.zeros_like(x)
    return (rows.reshape(x.numel(), x.numel()) @ v.reshape(-1)).reshape(x.shape)
