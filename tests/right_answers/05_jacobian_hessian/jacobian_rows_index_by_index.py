"""
task: jacobian_rows
way: indices by itertools.product, rows written into zeros
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    out = torch.zeros(y.shape + x.shape, dtype=x.dtype, device=x.device)
    import itertools

    if y.requires_grad:
        for index in itertools.product(*(range(n) for n in y.shape)):
            with torch.enable_grad():
                e = y[index]
            row = torch.autograd.grad(e, leaf, retain_graph=True, allow_unused=True)[0]
            if row is not None:
                out[index] = row
    return out
