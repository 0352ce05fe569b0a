"""
task: cheapest_jacobian
says: given a transposed x of shape (3, 2) and f(x) of shape (2, 3)
"""


def cheapest_jacobian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        value = f(leaf)
    if leaf.numel() < value.numel():
        return torch.func.jacfwd(f)(x.detach()).detach()
    rows = []
    for i in range(value.numel()):
        row = None
        if value.requires_grad:
            seed = torch.zeros_like(value)
            seed.reshape(-1)[i] = 1
            (row,) = torch.autograd.grad(value, leaf, seed, retain_graph=True, allow_unused=True)
        rows.append(torch.zeros_like(leaf, requires_grad=False) if row is None else row)
    return torch.stack(rows).reshape(value.shape + x.shape)
